import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { once } from 'node:events'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { openCertificate } from '../../../electron/gate/tls.ts'
import type { CertificatePort } from '../../../electron/gate/tls.ts'
import { systemClock } from '../../../electron/clock.ts'
import { Client } from '../../dialogues/play.ts'
import { startGate } from '../../fakes/gate.ts'
import { ALL_CAPABILITIES, scriptedBackend } from '../../fakes/scriptedbackend.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

let dataDir = ''
let hostname = ''
const open: (() => unknown)[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'porch-tls-'))
  hostname = 'mx.shop.example'
})
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
  await rm(dataDir, { recursive: true })
})

const alarms = createAlarms(systemClock)
async function certificate(own?: { cert: string; key: string }): Promise<CertificatePort> {
  const port = await openCertificate({ dataDir, hostname: () => hostname, own, alarms, clock: systemClock })
  open.push(() => {
    port.close()
    alarms.clear('certificate')
  })
  return port
}

/** Whose certificate a client is shown, after STARTTLS. */
async function shown(port: CertificatePort, options: tls.ConnectionOptions = {}): Promise<{ name: string; protocol: string | null }> {
  const gate = await startGate({ certificate: port })
  open.push(() => gate.stop())
  const client = await Client.connect(gate.port)
  await client.hear('220 *')
  client.say('EHLO mail.good.example')
  expect(await client.reply()).toContain('STARTTLS')
  client.say('STARTTLS')
  await client.hear('220 2.0.0 *')
  client.socket.removeAllListeners()
  const secure = tls.connect({ socket: client.socket, rejectUnauthorized: false, ...options })
  open.push(() => secure.destroy())
  await once(secure, 'secureConnect')
  return { name: secure.getPeerX509Certificate()?.subject ?? '', protocol: secure.getProtocol() }
}

async function pair(name: string, days = 10): Promise<{ cert: string; key: string }> {
  const to = Date.now() + days * 86_400_000
  const made = await generate([{ name: 'commonName', value: name }], { keyType: 'ec', algorithm: 'sha256', notBeforeDate: new Date(to - 20 * 86_400_000), notAfterDate: new Date(to) })
  return { cert: made.cert, key: made.private }
}

async function ownFiles(name: string, days?: number) {
  const files = { cert: join(dataDir, 'own.crt'), key: join(dataDir, 'own.key') }
  const made = await pair(name, days)
  await writeFile(files.cert, made.cert)
  await writeFile(files.key, made.key)
  return files
}

test('a self-signed one is made once and kept, for its owner only', async () => {
  await certificate()
  const file = join(dataDir, 'tls', 'cert.pem')
  const first = await readFile(file, 'utf8')
  expect(new X509Certificate(first).subject).toBe('CN=mx.shop.example')
  expect((await stat(join(dataDir, 'tls', 'key.pem'))).mode & 0o777).toBe(0o600)
  await certificate()
  expect(await readFile(file, 'utf8')).toBe(first)
  expect(alarms.list()).toEqual([])
})

describe('the gate is called otherwise', () => {
  const file = () => join(dataDir, 'tls', 'cert.pem')
  const subject = async () => new X509Certificate(await readFile(file())).subject

  test('our own one is made anew at the next start, for its owner only', async () => {
    await certificate()
    hostname = 'new.shop.example'
    expect((await shown(await certificate())).name).toBe('CN=new.shop.example')
    expect(await subject()).toBe('CN=new.shop.example')
    for (const name of ['key.pem', 'cert.pem']) expect((await stat(join(dataDir, 'tls', name))).mode & 0o777).toBe(0o600)
    expect(alarms.list()).toEqual([])
  })

  test('and while it runs, once', async () => {
    const port = await certificate()
    hostname = 'new.shop.example'
    await port.check()
    expect((await shown(port)).name).toBe('CN=new.shop.example')
    const made = await readFile(file(), 'utf8')
    await port.check()
    expect(await readFile(file(), 'utf8')).toBe(made)
    expect(alarms.list()).toEqual([])
  })

  test('one that Porch did not make stays, in the data folder too', async () => {
    const files = await ownFiles('first.example')
    const named = await certificate(files)
    const before = await readFile(files.cert, 'utf8')
    await certificate()
    for (const [name, text] of Object.entries(await pair('bought.example'))) await writeFile(join(dataDir, 'tls', `${name}.pem`), text)
    const kept = await certificate()
    hostname = 'new.shop.example'
    await named.check()
    await kept.check()
    expect(await readFile(files.cert, 'utf8')).toBe(before)
    expect((await shown(named)).name).toBe('CN=first.example')
    expect((await shown(kept)).name).toBe('CN=bought.example')
    expect(await subject()).toBe('CN=bought.example')
  })

  test('where none can be made the old one is served on, with an alarm, until one can', async () => {
    const port = await certificate()
    await rm(join(dataDir, 'tls', 'cert.pem'))
    await mkdir(join(dataDir, 'tls', 'cert.pem'))
    hostname = 'new.shop.example'
    await port.check()
    expect(alarms.list()).toMatchObject([{ code: 'certificate', severity: 'critical' }])
    expect((await shown(port)).name).toBe('CN=mx.shop.example')
    await rmdir(join(dataDir, 'tls', 'cert.pem'))
    await port.check()
    expect(alarms.list()).toEqual([])
    expect((await shown(port)).name).toBe('CN=new.shop.example')
  })
})

test('one that is torn is made anew', async () => {
  await certificate()
  await writeFile(join(dataDir, 'tls', 'cert.pem'), 'half a certif')
  expect((await shown(await certificate())).name).toBe('CN=mx.shop.example')
})

test('the shop’s own, and again when it changes on disk', async () => {
  const port = await certificate(await ownFiles('first.example'))
  expect((await shown(port)).name).toBe('CN=first.example')
  await ownFiles('second.example')
  await port.check()
  expect((await shown(port)).name).toBe('CN=second.example')
  expect(alarms.list()).toEqual([])
})

test('a broken one never replaces the running one, and the alarm stays until it is mended', async () => {
  const files = await ownFiles('first.example')
  const port = await certificate(files)
  await writeFile(files.key, (await pair('other.example')).key)
  for (let look = 0; look < 2; look++) {
    await port.check()
    expect(alarms.list()).toMatchObject([{ code: 'certificate', severity: 'critical' }])
  }
  expect((await shown(port)).name).toBe('CN=first.example')
  await ownFiles('mended.example')
  await port.check()
  expect(alarms.list()).toEqual([])
  expect((await shown(port)).name).toBe('CN=mended.example')
})

test('a missing one: a self-signed one stands in, with an alarm', async () => {
  const port = await certificate({ cert: join(dataDir, 'none.crt'), key: join(dataDir, 'none.key') })
  expect(alarms.list()).toMatchObject([{ code: 'certificate' }])
  expect((await shown(port)).name).toBe('CN=mx.shop.example')
})

test('an expired one is served, with an alarm', async () => {
  const port = await certificate(await ownFiles('old.example', -1))
  expect(alarms.list()).toMatchObject([{ code: 'certificate', text: expect.stringContaining('expired on') as unknown }])
  expect((await shown(port)).name).toBe('CN=old.example')
})

describe('STARTTLS', () => {
  test('TLS 1.2 yes', async () => {
    expect((await shown(await certificate(), { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
  })

  test('TLS 1.1 no', async () => {
    await expect(shown(await certificate(), { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow()
  })

  async function secured(pipelined = '') {
    const gate = await startGate({ certificate: await certificate() })
    open.push(() => gate.stop())
    const client = await Client.connect(gate.port)
    await client.hear('220 *')
    client.say('EHLO mx.shop.example')
    await client.reply()
    client.socket.write(`STARTTLS\r\n${pipelined}`)
    await client.hear('220 2.0.0 *')
    client.socket.removeAllListeners()
    const secure = tls.connect({ socket: client.socket, rejectUnauthorized: false })
    open.push(() => secure.destroy())
    client.attach(secure)
    await once(secure, 'secureConnect')
    return { client, gate }
  }

  test('what was sent in the clear is discarded; the session starts afresh', async () => {
    const { client } = await secured('EHLO injected.example\r\nMAIL FROM:<evil@injected.example>\r\n')
    client.say('MAIL FROM:<a@sender.example>')
    await client.hear('503 5.5.1 Say EHLO first')
    client.say('EHLO mail.good.example')
    expect(await client.reply()).not.toContain('STARTTLS')
    client.say('STARTTLS')
    await client.hear('503 5.5.1 *')
  })

  test('the verdict of the EHLO before it stands, and the record names the protocol', async () => {
    const { client, gate } = await secured()
    client.say('EHLO mail.good.example', 'MAIL FROM:<a@sender.example>', 'RCPT TO:<joe@shop.example>', 'QUIT')
    for (const expected of ['250...', '250 *', '550 5.7.1 *', '221 *']) await client.hear(expected)
    await client.closed()
    expect((await gate.recorded(1)).session).toMatchObject({ tls: expect.stringMatching(/^TLSv1\.3 TLS_/) as unknown, refusedFor: ['ehlo-ours'] })
  })

  test('a whole message under TLS', async () => {
    const gate = await startGate({ certificate: await certificate() })
    open.push(() => gate.stop())
    const client = await Client.connect(gate.port)
    await client.hear('220 *')
    client.say('EHLO mail.good.example')
    await client.reply()
    client.say('STARTTLS')
    await client.hear('220 *')
    client.socket.removeAllListeners()
    const secure = tls.connect({ socket: client.socket, rejectUnauthorized: false })
    client.attach(secure)
    await once(secure, 'secureConnect')
    const line = `${'y'.repeat(998)}\r\n`
    client.say('EHLO mail.good.example', 'MAIL FROM:<a@sender.example>', 'RCPT TO:<joe@shop.example>', 'DATA')
    for (const expected of ['250...', '250 *', '250 *', '354 *']) await client.hear(expected)
    client.socket.write(line.repeat(3000))
    client.say('.', 'QUIT')
    await client.hear('250 2.0.0 *')
    await client.hear('221 *')
    await client.closed()
    expect(gate.backend.messages[0]?.toString('latin1').endsWith(line.repeat(3000))).toBe(true)
    expect(gate.backend.messages[0]?.toString('latin1')).toContain('with ESMTPS')
  })

  test('a handshake that fails ends the session, not the gate', async () => {
    const gate = await startGate({ certificate: await certificate() })
    open.push(() => gate.stop())
    const client = await Client.connect(gate.port)
    await client.hear('220 *')
    client.say('EHLO mail.good.example')
    await client.reply()
    client.say('STARTTLS')
    await client.hear('220 *')
    const ended = once(client.socket, 'end')
    client.socket.write('this is no handshake\r\n')
    await ended
    expect((await gate.recorded(1)).session).toMatchObject({ disposition: 'aborted', tls: null })
    expect(gate.troubles).toEqual([])
  })

  async function beforeHandshake() {
    const gate = await startGate({ certificate: await certificate() })
    open.push(() => gate.stop())
    const client = await Client.connect(gate.port)
    await client.hear('220 *')
    client.say('EHLO mail.good.example')
    await client.reply()
    client.say('STARTTLS')
    await client.hear('220 *')
    return { gate, client }
  }

  test.each(['', '\x16\x03\x01'])('a client that leaves in the middle of the handshake (%j sent) is let go at once', async (octets) => {
    const { gate, client } = await beforeHandshake()
    client.socket.end(octets, 'latin1')
    expect((await gate.recorded(1)).session).toMatchObject({ disposition: 'aborted', tls: null })
    expect(gate.gate.openConnections()).toBe(0)
  })

  test('a client that said STARTTLS and left while the backend was awaited is let go at once', async () => {
    const backend = scriptedBackend([{ asked: 'mail *', answer: 'hold 250 2.1.0 OK' }], ALL_CAPABILITIES)
    const gate = await startGate({ certificate: await certificate(), backend })
    open.push(() => gate.stop())
    const client = await Client.connect(gate.port)
    await client.hear('220 *')
    client.say('EHLO mail.good.example')
    await client.reply()
    client.say('MAIL FROM:<a@sender.example>')
    await client.hear('250 *')
    // The gate holds these lines and has stopped reading; the end of input comes behind them.
    client.socket.write('RCPT TO:<joe@shop.example>\r\nRSET\r\nSTARTTLS\r\n"+', 'latin1')
    while (backend.left().length > 0) await turn()
    client.socket.end()
    for (let turns = 0; turns < 20; turns++) await turn()
    backend.release()
    expect((await gate.recorded(1)).session).toMatchObject({ tls: null })
    expect(gate.gate.openConnections()).toBe(0)
  })

  test('a handshake that is not done within 30 s ends the session', async () => {
    const { gate } = await beforeHandshake()
    gate.clock.advance(29_000)
    gate.tick()
    expect(gate.gate.openConnections()).toBe(1)
    gate.clock.advance(2000)
    gate.tick()
    expect((await gate.recorded(1)).session).toMatchObject({ disposition: 'aborted', tls: null })
  })
})
