/** The digest through a real Postfix, from a gate whose clock is put ahead by a day; kill -9 tells it no second time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { Postfix } from './postfix.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { runSwaks, swaksMissing } from './swaks.ts'

const missing = [postfixMissing(), swaksMissing()].filter((reason) => reason !== null)
if (missing.length > 0) console.warn(`SKIPPED: test/e2e/admin-mail.test.ts: ${missing.join('; ')}`)

describe.skipIf(missing.length > 0)(`mail to the admin ${missing.join('; ')}`, () => {
  let dns: FakeNameserver
  let mail: Postfix
  let porch: Porch

  const start = (keep?: string) => startPorch({
    hostname: 'mx.shop.example', domains: ['shop.example'], backend: mail.address, dns: { servers: [dns.address], canary: [] }, policy: { exempt: [] },
    notices: { smtp: mail.address, from: 'postmaster@shop.example' }, shop: { adminEmail: 'admin@shop.example' },
  }, keep, { laterClock: true })
  /** Hour by hour; each signal is taken before the next is sent. */
  const nextDay = async () => {
    for (let hour = 0; hour < 24; hour += 1) {
      porch.process.kill('SIGUSR2')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  beforeAll(async () => {
    dns = await startNameserver('')
    mail = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.0/8' } })
    porch = await start()
  })
  afterAll(async () => {
    await porch.stop()
    await mail.stop()
    await dns.close()
  })

  test('a day’s refusals are told once, to the admin', async () => {
    const refused = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--ehlo', 'nobody', '--from', 'ann@acme.example', '--to', 'joe@shop.example')
    expect(refused.code).toBe(24)
    await nextDay()
    const text = await mail.delivered(1)
    expect(text).toMatch(/^Return-Path: <postmaster@shop\.example>$/m)
    expect(text).toMatch(/^To: admin@shop\.example$/m)
    expect(text).toMatch(/^Subject: Porch mx\.shop\.example: 1 refused$/m)
    expect(text).toMatch(/^Auto-Submitted: auto-generated$/m)
    expect(text).toMatch(/^ {8}1 {2}refused$/m)
    expect(text).not.toMatch(/token=/)
    await porch.kill('SIGKILL')
    porch = await start(porch.dir)
    await nextDay()
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    expect(mail.count()).toBe(1)
  })
})
