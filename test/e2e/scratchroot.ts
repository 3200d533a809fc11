/**
 * A machine of one's own within this one, to install things in: everything that is here, with changes kept aside (overlay in
 * memory), its own network (loopback only, every port free), its own processes. `systemctl` is the double in test/fakes. What
 * runs in it ends with it. Linux and root are needed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ScratchRoot {
  /** In it, as root, with its PATH. */
  run(program: string, ...args: readonly string[]): Ran
  sh(script: string): Ran
  close(): Promise<void>
}

/** Why there can be none; null if there can. */
export function scratchRootMissing(): string | null {
  if (process.platform !== 'linux' || userInfo().uid !== 0) return 'a scratch root needs Linux and root'
  const lacking = ['unshare', 'nsenter', 'setpriv', 'ip', 'useradd'].find((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  if (lacking !== undefined) return `${lacking} is not installed`
  const tried = spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r'])
  return tried.status === 0 ? null : 'this system allows no overlay in a namespace of its own'
}

const SETUP = `
set -e
mount -t tmpfs -o mode=755 tmpfs "$DIR"
mkdir -m 755 "$DIR/up" "$DIR/work" "$DIR/root"
mount -t overlay overlay -o lowerdir=/,upperdir="$DIR/up",workdir="$DIR/work" "$DIR/root"
R=$DIR/root
mount -t proc proc "$R/proc"
mount --rbind /dev "$R/dev"
mount -t tmpfs -o mode=1777 tmpfs "$R/tmp"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=755 tmpfs "$R/var/lib/private" 2>/dev/null || true
mkdir -p "$R$PROJECT"
mount --bind "$PROJECT" "$R$PROJECT"
[ -L "$R/etc/resolv.conf" ] && rm -f "$R/etc/resolv.conf"
echo 'nameserver 127.0.0.1' >"$R/etc/resolv.conf"
for tool in systemctl journalctl; do
  rm -f "$R/usr/local/bin/$tool"
  printf '#!/bin/sh\\nexec %s %s %s "$@"\\n' "$NODE" "$PROJECT/test/fakes/systemctl.ts" "$tool" >"$R/usr/local/bin/$tool"
  chmod 755 "$R/usr/local/bin/$tool"
done
# Whatever of Porch is installed on this machine is not on that one.
rm -rf "$R/var/lib/porch" "$R/usr/local/lib/porch" "$R/opt/Porch" "$R/etc/systemd/system/porch.service"
for command in "userdel porch" "groupdel porch"; do chroot "$R" $command >/dev/null 2>&1 || true; done
ip link set lo up
echo ready
# Process 1 of it: buries whatever has ended.
exec chroot "$R" sh -c 'sleep infinity & while :; do wait; done'
`

/** Rejects if it cannot be made. */
export async function openScratchRoot(): Promise<ScratchRoot> {
  const dir = mkdtempSync(join(tmpdir(), 'porch-root-'))
  const outer = spawn('unshare', ['--mount', '--net', '--pid', '--fork', '--kill-child', 'sh', '-c', SETUP], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DIR: dir, PROJECT: ROOT, NODE: process.execPath },
  })
  let stderr = ''
  outer.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exited = new Promise<void>((resolve) => outer.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    outer.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && resolve())
    void exited.then(() => reject(new Error(`no scratch root: ${stderr}`)))
  })
  const inner = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim()
  const run = (program: string, ...args: readonly string[]): Ran => {
    const ran = spawnSync('nsenter', ['--target', inner, '--mount', '--net', '--pid', '--root', '--wd', program, ...args], {
      encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' },
    })
    return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr }
  }
  return {
    run,
    sh: (script) => run('sh', '-c', script),
    async close() {
      outer.kill('SIGKILL')
      await exited
      if (existsSync(dir)) rmSync(dir, { recursive: true, force: true })
    },
  }
}
