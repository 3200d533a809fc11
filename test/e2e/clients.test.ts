/** The helpers that play real clients, against a scripted server: they must be right before they can judge the gate. */
import { afterEach, describe, expect, it } from 'vitest'
import { say, startBackend } from '../fakes/backend.ts'
import type { FakeBackend, FakeScript } from '../fakes/backend.ts'
import { createExim, eximMissing } from './exim.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import { runSwaks, swaksMissing } from './swaks.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function fake(script: FakeScript = {}): Promise<FakeBackend> {
  const server = await startBackend(script)
  closers.push(() => server.close())
  return server
}

const skipped = (reason: string | null): reason is string => {
  if (reason !== null) console.warn(`SKIPPED in test/e2e/clients.test.ts: ${reason}`)
  return reason !== null
}

const noExim = eximMissing()
describe.skipIf(skipped(noExim))(noExim ?? 'Exim', () => {
  function exim(server: FakeBackend) {
    const made = createExim({ host: '127.0.0.1', port: server.port, ehlo: 'mail.acme.example' })
    closers.push(() => { made.remove() })
    return made
  }

  it('delivers', async () => {
    const server = await fake()
    expect(await exim(server).send('a@acme.example', ['joe@shop.example'], 'Subject: x\n\n.dot\n')).toMatch(/=> joe@shop\.example .*C="250 2\.0\.0 taken"/)
    expect(server.connections[0]?.lines[0]).toBe('EHLO mail.acme.example')
    expect(server.messages[0]?.data.toString()).toMatch(/\r\n\r\n\.\.dot\r\n$/)
  })

  it('keeps what is deferred and tries again; gives up what is refused', async () => {
    const server = await fake({ rcpt: say('451 4.4.3 later') })
    const made = exim(server)
    expect(await made.send('a@acme.example', ['joe@shop.example'], 'Subject: x\n\n')).toContain('451 4.4.3 later')
    expect((await made.queue()).length).toBe(1)
    server.script = {}
    expect(await made.retry()).toMatch(/=> joe@shop\.example/)
    expect(await made.queue()).toEqual([])
    server.script = { rcpt: say('550 5.7.25 no reverse name') }
    expect(await made.send('', ['joe@shop.example'], 'Subject: x\n\n')).toMatch(/\*\* joe@shop\.example .*550 5\.7\.25 no reverse name/)
  })
})

const noSwaks = swaksMissing()
describe.skipIf(skipped(noSwaks))(noSwaks ?? 'swaks', () => {
  it('delivers, and says where it was refused', async () => {
    const server = await fake()
    const target = { host: '127.0.0.1', port: server.port }
    const args = ['--ehlo', 'mail.acme.example', '--from', 'a@acme.example', '--to', 'joe@shop.example']
    expect(await runSwaks(target, ...args)).toMatchObject({ code: 0 })
    server.script = { rcpt: say('550 5.7.25 no reverse name') }
    const refused = await runSwaks(target, ...args)
    expect(refused.code).toBe(24)
    expect(refused.transcript).toContain('<** 550 5.7.25 no reverse name')
  })
})

const noPostfix = postfixMissing()
describe.skipIf(skipped(noPostfix))(noPostfix ?? 'Postfix as a client', () => {
  it('delivers to its relay host; tries again what is deferred', async () => {
    const server = await fake({ rcpt: [say('451 4.4.3 later')] })
    const postfix = await startPostfix({ main: { relayhost: `[127.0.0.1]:${server.port}`, virtual_mailbox_domains: '', smtp_helo_name: 'mail.acme.example' } })
    closers.push(() => postfix.stop())
    postfix.send('a@acme.example', ['joe@shop.example'], 'Subject: x\n\nhello\n')
    await postfix.logged(/status=deferred \(.*451 4\.4\.3 later/)
    server.script = {}
    await postfix.logged(/status=sent \(250 2\.0\.0 taken\)/)
    expect(server.connections.at(-1)?.lines[0]).toBe('EHLO mail.acme.example')
  })
})
