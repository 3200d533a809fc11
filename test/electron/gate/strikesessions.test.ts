/** Which sessions earn a strike, and what a ban that was earned does, on a real socket. */
import { describe, expect, test } from 'vitest'
import { createStrikes } from '../../../electron/store/strikes.ts'
import { Client } from '../../dialogues/play.ts'
import { fakeSettings, startGate } from '../../fakes/gate.ts'
import type { TestGate } from '../../fakes/gate.ts'
import { DAY, open, world } from '../store/strikesworld.ts'

describe('in real sessions', () => {
  type Settings = Parameters<typeof fakeSettings>[0]
  async function gate(settings: Settings, more: { readonly dns?: TestGate['dns']; readonly canaryRed?: () => boolean } = {}) {
    const part = await world()
    const gateSettings = fakeSettings({ bans: { strikes: 3 }, ...settings })
    const all = await createStrikes({ store: part.store, rules: part.rules, clock: part.clock, alarms: part.alarms, terms: () => gateSettings.current().bans, observing: () => gateSettings.mode().mode === 'observe' })
    open.push(() => all.close())
    const test = await startGate({ dns: more.dns ?? 'no-ptr', deps: { settings: gateSettings, rules: part.rules, strikes: all, clock: part.clock, ...(more.canaryRed === undefined ? {} : { canaryRed: more.canaryRed }) } })
    open.push(() => test.stop())
    return { ...part, test }
  }
  /** One session; what the last of these lines is answered. */
  async function session(test: TestGate, ...lines: string[]): Promise<string> {
    const client = await Client.connect(test.port)
    let said = await client.line()
    for (const line of lines) {
      if (!said.startsWith('2') && !said.startsWith('5')) break
      client.say(line)
      do said = await client.line()
      while (said.charAt(3) === '-')
    }
    client.socket.end()
    await client.closed()
    return said.slice(0, 9)
  }
  const REFUSED = ['EHLO mail.good.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<joe@shop.example>']
  const banned = (rules: { list(): readonly { readonly scope: string }[] }) => rules.list().map(({ scope }) => scope)

  test.each<[string, Settings, { dns?: TestGate['dns']; canaryRed?: () => boolean }, string[], string, number]>([
    ['refused at RCPT', {}, {}, REFUSED, '550 5.7.25', 3],
    ['refused at RCPT, twice: one strike', {}, {}, [...REFUSED, 'RCPT TO:<ann@shop.example>', 'RSET', 'MAIL FROM:<>', 'RCPT TO:<ann@shop.example>'], '550 5.7.25', 3],
    ['refused at EHLO', { policy: { rejectAt: 'ehlo' } }, {}, ['EHLO mail.good.example'], '550 5.7.25', 3],
    ['a 501', {}, {}, ['EHLO -bad-.example'], '501 5.5.2', 3],
    ['an empty EHLO, in observe mode: none', { policy: { mode: 'observe' } }, {}, ['EHLO'], '501 5.5.2', 0],
    ['never came as far as RCPT: none', {}, {}, REFUSED.slice(0, 2), '250 2.1.0', 0],
    ['postmaster passes: none', {}, {}, [...REFUSED.slice(0, 2), 'RCPT TO:<postmaster@shop.example>'], '250 2.1.5', 0],
    ['a relay refusal: none', {}, {}, [...REFUSED.slice(0, 2), 'RCPT TO:<joe@elsewhere.example>'], '550 5.7.1', 0],
    ['deferred: none', {}, { dns: 'temporary' }, REFUSED, '451 4.7.25', 0],
    ['observe: none', { policy: { mode: 'observe' } }, {}, REFUSED, '250 2.1.5', 0],
    ['grace not over: none', { policy: { mode: 'grace' } }, {}, REFUSED, '450 4.7.25', 0],
    ['grace not over, but a 501: none', { policy: { mode: 'grace' } }, {}, ['EHLO -bad-.example'], '501 5.5.2', 0],
    ['canary red: none', {}, { canaryRed: () => true }, REFUSED, '451 4.4.3', 0],
    ['exempt: none', { policy: { exempt: ['127.0.0.0/8'] } }, {}, REFUSED, '250 2.1.5', 0],
  ])('%s', async (_, settings, more, lines, reply, needed) => {
    const { test, rules } = await gate(settings, more)
    for (let n = 1; n <= 3; n++) {
      expect(banned(rules)).toEqual([])
      // The session that earns the ban is open when it comes: its next command hears 421.
      expect(await session(test, ...lines)).toBe(n === 3 && needed === 3 && lines.length > REFUSED.length ? '421 4.7.0' : reply.slice(0, 9))
    }
    expect(banned(rules)).toEqual(needed === 3 ? ['127.0.0.1'] : [])
    expect(test.troubles).toEqual([])
  })

  test('grace that is over counts', async () => {
    const { test, rules, clock } = await gate({ policy: { mode: 'grace', graceDays: 1 } })
    expect(await session(test, ...REFUSED)).toBe('450 4.7.2')
    clock.advance(DAY)
    for (let n = 0; n < 3; n++) expect(await session(test, ...REFUSED)).toBe('550 5.7.2')
    expect(banned(rules)).toEqual(['127.0.0.1'])
  })

  test('whitelisted: none', async () => {
    const { test, rules } = await gate({})
    await rules.add({ kind: 'allow', scope: '127.0.0.1', reason: '', by: 'admin' })
    for (let n = 0; n < 4; n++) expect(await session(test, ...REFUSED)).toBe('250 2.1.5')
    expect(banned(rules)).toEqual(['127.0.0.1'])
    expect(rules.list()[0]?.kind).toBe('allow')
  })

  test('the next connect hears 554, an open connection 421 at its next command; in observe mode both go on', async () => {
    const { test, rules, clock } = await gate({})
    const early = await Client.connect(test.port)
    await early.hear('220 *')
    for (let n = 0; n < 3; n++) await session(test, ...REFUSED)
    const until = new Date(clock.now() + 4 * DAY).toISOString()
    const next = await Client.connect(test.port)
    await next.hear(`554 5.7.1 [127.0.0.1] is banned here until ${until}`)
    next.say('QUIT')
    await next.hear('221 *')
    early.say('EHLO mail.good.example')
    await early.hear('421 4.7.0 *')
    for (const client of [early, next]) client.socket.destroy()
    expect(rules.list()[0]?.hits).toBe(1)
  })

  test('an automatic ban does not hold in observe mode, one made by hand does', async () => {
    const { test, rules } = await gate({ policy: { mode: 'observe' } })
    await rules.add({ kind: 'ban', scope: '127.0.0.1', forMs: DAY, reason: '', by: 'auto' })
    expect(await session(test, ...REFUSED)).toBe('250 2.1.5')
    await rules.add({ kind: 'ban', scope: '127.0.0.0/8', forMs: DAY, reason: '', by: 'admin' })
    expect(await session(test)).toBe('554 5.7.1')
  })

  test('a good correspondent is suggested', async () => {
    const { test, rules } = await gate({}, { dns: 'good' })
    const client = await Client.connect(test.port)
    await client.hear('220 *')
    for (const [say, hear] of [[REFUSED[0]!, '250...'], [REFUSED[1]!, '250 *'], [REFUSED[2]!, '250 *'], ['DATA', '354 *'], ['Subject: hello\r\n\r\nhello\r\n.', '250 *'], ['QUIT', '221 *']] as const) {
      client.say(say)
      await client.hear(hear)
    }
    await test.recorded(1)
    test.dns = 'no-ptr'
    for (let n = 0; n < 4; n++) expect(await session(test, ...REFUSED)).toBe('550 5.7.2')
    expect(banned(rules)).toEqual([])
  })
})
