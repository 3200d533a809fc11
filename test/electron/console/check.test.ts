/** The Check page's stream: answers as they come, then the report under all rules; and our own server as others see it. */
import { describe, expect, test } from 'vitest'
import { followCheck } from '../../../electron/console/check.ts'
import { ownServer } from '../../../electron/console/own.ts'
import type { CheckReport, CheckStep } from '../../../shared/api/check.ts'
import { SETTINGS, world } from './world.ts'

type Input = Parameters<typeof followCheck>[1]

async function steps(input: Input, zone: string, settings = SETTINGS): Promise<CheckStep[]> {
  const { deps } = await world({ zone, settings })
  const all: CheckStep[] = []
  for await (const step of followCheck({ ...deps, settings: deps.settings.current() }, input, new AbortController().signal)) all.push(step)
  return all
}
async function report(input: Input, zone: string, settings = SETTINGS): Promise<CheckReport> {
  const last = (await steps(input, zone, settings)).at(-1)
  if (last?.kind !== 'done') throw new Error(JSON.stringify(last))
  return last.report
}
const founding: Input = { client: '216.33.111.150', ehlo: 'www.americangreetings.com', as: 'sender' }
const FOUNDING = 'www.americangreetings.com. A 216.33.97.70\n'

test('each answer is told when it is there, none twice, the report last', async () => {
  const all = await steps(founding, FOUNDING)
  const told = all.flatMap((step) => (step.kind === 'answers' ? step.answers : []))
  const last = all.at(-1)
  if (last?.kind !== 'done') throw new Error('no report')
  expect(all.filter(({ kind }) => kind === 'done')).toHaveLength(1)
  expect(told.map(({ question }) => `${question.name} ${question.type}`).sort()).toEqual(last.report.evidence.map(({ question }) => `${question.name} ${question.type}`).sort())
})

test('the founding case under all three rule sets, with what the sender hears and what repairs it', async () => {
  const found = await report(founding, FOUNDING)
  expect(found).toMatchObject({ verdict: 'reject', rules: 'house', findings: ['ptr-missing', 'ehlo-mismatch'], iprev: 'permerror', verifiedName: null })
  expect(found.byRules).toEqual([
    { rules: 'house', verdict: 'reject', refusedFor: ['ptr-missing', 'ehlo-mismatch'] },
    { rules: 'standard', verdict: 'reject', refusedFor: ['ptr-missing'] },
    { rules: 'lenient', verdict: 'reject', refusedFor: ['ptr-missing'] },
  ])
  expect(found.reply).toMatch(/^550 5\.7\.25 216\.33\.111\.150 has no reverse name/)
  expect(found.remedies[0]?.steps).toHaveLength(2)
  expect(found.sentence).toContain('216.33.97.70')
})

test('the reply is the shop’s own text where it has one, with the link', async () => {
  const settings = { ...SETTINGS, policy: { replies: { 'ptr-missing': 'no name for {client}' } }, helpPage: { url: 'https://help.shop.example' } } as const
  expect((await report(founding, FOUNDING, settings)).reply).toBe('550 5.7.25 no name for 216.33.111.150 See https://help.shop.example/r/k3f9')
})

test('a sender in order passes everywhere and hears nothing', async () => {
  const found = await report({ client: '192.0.2.150', ehlo: 'mail.acme.example', as: 'sender' }, '150.2.0.192.in-addr.arpa. PTR mail.acme.example.\nmail.acme.example. A 192.0.2.150\n')
  expect(found).toMatchObject({ verdict: 'accept', verifiedName: 'mail.acme.example', reply: null, remedies: [] })
  expect(found.byRules.map(({ verdict }) => verdict)).toEqual(['accept', 'accept', 'accept'])
})

test('our own name is a forgery from a sender, and no forgery where others judge us', async () => {
  const zone = '25.100.51.198.in-addr.arpa. PTR mx.shop.example.\nmx.shop.example. A 198.51.100.25\n'
  const input = { client: '198.51.100.25', ehlo: 'mx.shop.example' }
  expect((await report({ ...input, as: 'sender' }, zone)).findings).toEqual(['ehlo-ours'])
  expect(await report({ ...input, as: 'ourselves' }, zone)).toMatchObject({ verdict: 'accept', findings: [] })
})

describe('what was typed wrong is said at its field', () => {
  test.each([
    ['', 'client', 'Type the address'], ['mail.acme.example', 'client', 'is a name'], ['192.0.2.0/24', 'client', 'is a network'], ['300.1.1.1', 'client', 'is not an address'], ['<b>\u202e', 'client', '<b>\\u{202e}'],
  ] as const)('%j', async (client, field, said) => {
    expect(await steps({ client, ehlo: 'x', as: 'sender' }, '')).toEqual([{ kind: 'refused', field, problem: expect.stringContaining(said) as string }])
  })

  test('an EHLO name that is far too long', async () => {
    expect(await steps({ client: '192.0.2.1', ehlo: 'x'.repeat(4097), as: 'sender' }, '')).toMatchObject([{ kind: 'refused', field: 'ehlo' }])
  })
})

test('a console that goes away ends the check', async () => {
  const { deps } = await world({ zone: '' })
  const stop = new AbortController()
  stop.abort()
  const all: CheckStep[] = []
  for await (const step of followCheck({ ...deps, settings: deps.settings.current() }, founding, stop.signal)) all.push(step)
  expect(all).toEqual([])
})

test('our own server: its addresses by DNS and by the settings, and whose mail it receives', async () => {
  const zone = 'mx.shop.example. A 198.51.100.25\nshop.example. MX 20 mx2.shop.example.\nshop.example. MX 10 mx.shop.example.\nalias.example. MX 10 in.alias.example.\nin.alias.example. A 198.51.100.25\naway.example. MX 10 in.away.example.\nin.away.example. A 198.51.100.26\n'
  const { deps } = await world({ zone, settings: { ...SETTINGS, listen: ['10.0.0.5:25', '0.0.0.0:26'], domains: ['shop.example', '*.shop.example', 'alias.example', 'away.example', 'other.example'] } })
  expect(await ownServer(deps)).toEqual({
    hostname: 'mx.shop.example',
    addresses: [{ address: '198.51.100.25', from: ['name'], isPrivate: false }, { address: '10.0.0.5', from: ['listen'], isPrivate: true }],
    mail: [
      { domain: 'shop.example', status: 'found', hosts: ['mx.shop.example', 'mx2.shop.example'], ours: true },
      { domain: 'alias.example', status: 'found', hosts: ['in.alias.example'], ours: true },
      { domain: 'away.example', status: 'found', hosts: ['in.away.example'], ours: false },
      { domain: 'other.example', status: expect.stringMatching(/nodata|nxdomain/) as string, hosts: [], ours: false },
    ],
  })
})
