/** A real resolver (Debian's unbound) on a loopback port in front of an authority of the root zone. Promises: ends only the process it started. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const UNBOUND = '/usr/sbin/unbound'

/** `authority`: "127.0.0.1:5353". Settles once it serves. */
export async function startUnbound(authority: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'porch-unbound-'))
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  await once(probe, 'close')
  const config = join(directory, 'unbound.conf')
  // The names of documentation are answered by itself if it is not told otherwise.
  await writeFile(config, `server:
    interface: 127.0.0.1@${port}
    username: ""
    chroot: ""
    directory: "${directory}"
    pidfile: "${directory}/unbound.pid"
    use-syslog: no
    logfile: ""
    verbosity: 1
    num-threads: 1
    module-config: "iterator"
    do-not-query-localhost: no
    local-zone: "test." nodefault
    local-zone: "2.0.192.in-addr.arpa." nodefault
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: ${authority.replace(':', '@')}
`)
  const child = spawn(UNBOUND, ['-d', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let log = ''
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await ended
    }
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString()
        if (log.includes('start of service')) resolve()
      })
      void ended.then(() => { reject(new Error(`unbound did not start: ${log}`)) })
    })
  } catch (error) {
    await close()
    throw error
  }
  return { address: `127.0.0.1:${port}`, close }
}
