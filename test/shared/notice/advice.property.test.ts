/**
 * The advice over thousands of misconfigurations: whenever a client is rejected there is a remedy; any one remedy, applied as a whole, makes
 * it pass, and with any one step left out it does not. Zone and resolver are the scenes' own, not the advice's.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Evidence } from '../../../shared/dns/evidence.ts'
import { isAtOrBelow } from '../../../shared/net/domain.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import { advise } from '../../../shared/notice/advice.ts'
import { compareRemedies } from '../../../shared/notice/remedy.ts'
import type { Remedy } from '../../../shared/notice/remedy.ts'
import { gate, gather, repaired, RULE_SETS, stepText, zoneLines } from '../../verdicts/scene.ts'
import type { Line } from '../../verdicts/scene.ts'

const CLIENTS = ['198.51.100.7', '2001:db8:7::25']
const NAMES = [
  'mail.acme.example', 'www.acme.example', 'acme.example', 'host7.isp.example', 'isp.example', 'mx1.acme.co.uk', 'acme.co.uk', 'co.uk', 'joe.dyndns.org',
  'mx.shop.example', 'shop.example', 'web.shop.example', 'second-shop.example', 'exchange.acme.local', 'printer', '-bad-.example', 'mail_1.acme.example',
]
const TROUBLE = ['SERVFAIL', 'TIMEOUT', 'REFUSED', 'MALFORMED']

const name = fc.constantFrom(...NAMES)
const address = fc.constantFrom(...CLIENTS, '203.0.113.80', '192.168.1.10', '2001:db8::80')
const addressLine = address.map((value) => `${value.includes(':') ? 'AAAA' : 'A'} ${value}`)

/** What stands at one name: mostly addresses, now and then something worse. */
const recordsAt = fc.oneof(
  { weight: 6, arbitrary: fc.array(addressLine, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 0, max: 30 }), name).map(([preference, host]) => [`MX ${preference} ${host}`]) },
  { weight: 2, arbitrary: name.map((target) => [`CNAME ${target}`]) },
  { weight: 2, arbitrary: fc.constantFrom(...TROUBLE, ...TROUBLE.map((word) => `MX ${word}`), ...TROUBLE.map((word) => `A ${word}`)).map((line) => [line]) },
  { weight: 1, arbitrary: fc.constant(['MX 0 .']) },
)
const zone = fc.dictionary(name, recordsAt, { maxKeys: 8 }).map((owners) => Object.entries(owners).flatMap(([owner, lines]) => lines.map((line) => `${owner} ${line}`)).filter(isNoSelfAlias))

/** Name servers refuse to load a CNAME to itself, and no answer would show it. */
function isNoSelfAlias(line: string): boolean {
  const [owner, type, target] = line.split(' ')
  return type !== 'CNAME' || owner !== target
}

const DELEGATED = '7.0-15.100.51.198.in-addr.arpa'
const filler = Array.from({ length: 12 }, (_, index) => `vhost${index}.hoster.example`)
const ptrs = (owner: string) => fc.oneof(
  fc.uniqueArray(name, { maxLength: 3 }),
  fc.tuple(fc.integer({ min: 7, max: 12 }), fc.uniqueArray(name, { maxLength: 3 })).map(([count, more]) => [...filler.slice(0, count), ...more]),
).map((names) => names.map((value) => `${owner} PTR ${value}`))
const reverseSide = fc.oneof(
  { weight: 5, arbitrary: ptrs('@') },
  { weight: 2, arbitrary: ptrs(DELEGATED).map((lines) => [`@ CNAME ${DELEGATED}`, ...lines]) },
  { weight: 1, arbitrary: fc.constantFrom(...TROUBLE).map((word) => [`@ ${word}`]) },
  { weight: 1, arbitrary: fc.constant(['@ CNAME a.isp.example', 'a.isp.example CNAME b.isp.example', 'b.isp.example CNAME a.isp.example']) },
  { weight: 1, arbitrary: fc.constant([`@ CNAME ${DELEGATED}`, `${DELEGATED} SERVFAIL`]) },
)
const ehlo = fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom('', '[198.51.100.7]', '[203.0.113.9]', '[192.0.2.25]', '198.51.100.7', 'two words', 'a..b', 'WWW.Acme.Example.') })

const situation = fc.record({
  client: fc.constantFrom(...CLIENTS),
  ehlo,
  lines: fc.tuple(reverseSide, zone).map((parts) => parts.flat()),
  rules: fc.constantFrom(...RULE_SETS),
  sender: fc.option(fc.oneof(name, fc.constantFrom('sender.example', 'evil\r\nx', '[10.0.0.1]', ''))),
})

/** Advice is judged on the evidence gathered: what was not asked does not exist. */
function known(lines: readonly Line[], { answers }: Evidence): Line[] {
  const passed = new Set<string>()
  const ends = new Set<string>()
  for (const { question, chain } of answers.values()) {
    for (const owner of [question.name, ...chain]) passed.add(owner)
    ends.add(`${chain.at(-1) ?? question.name} ${question.type}`)
  }
  return lines.filter((line) => (line.type === 'CNAME' ? passed.has(line.name) : ends.has(`${line.name} ${line.type}`)))
}

test('any remedy helps, and only as a whole', () => {
  const seen = { reject: 0, accept: 0, tempfail: 0, steps: new Set<number>() }
  fc.assert(
    fc.property(situation, ({ client, ehlo: said, lines: text, rules, sender }) => {
      const context = gate(rules)
      const lines = zoneLines(text.join('\n'), client)
      const evidence = gather(lines, client, said)
      const advice = advise(evidence, context, sender)
      const { verdict, findings } = judge(evidence, context)
      seen[verdict] += 1
      expect(advice.length > 0).toBe(verdict === 'reject')
      expect(advice).toEqual([...advice].sort(compareRemedies))

      const world = known(lines, evidence)
      const after = (steps: Remedy['steps']) => judge(repaired(world, client, said, steps), context).verdict
      for (const { steps } of advice) {
        seen.steps.add(steps.length)
        const list = steps.map(stepText)
        expect([list, after(steps)]).toEqual([list, 'accept'])
        for (const step of steps) expect([list, stepText(step), after(steps.filter((other) => other !== step))]).not.toEqual([list, stepText(step), 'accept'])
        if (findings.includes('ehlo-ours')) expect(list.filter((step) => step.startsWith('set-ehlo '))).toHaveLength(1)
        for (const each of namesUsed(steps)) expect(isForeign(each)).toBe(true)
        expect(namesUsed(steps).size).toBeLessThanOrEqual(1)
      }
      expect(new Set(advice.map(({ steps }) => JSON.stringify(steps))).size).toBe(advice.length)
    }),
    { numRuns: Number(process.env.PORCH_ADVICE_RUNS ?? 1200), seed: 20021008 },
  )
  // The generator reaches what it is meant to reach.
  expect([...seen.steps].sort()).toEqual(expect.arrayContaining([1, 2, 3, 4]))
  for (const verdict of ['reject', 'accept', 'tempfail'] as const) expect(seen[verdict]).toBeGreaterThan(100)
})

/** Greeting, reverse name and address record of one remedy are of one name. */
function namesUsed(steps: Remedy['steps']): Set<string> {
  return new Set(steps.flatMap((step) => (step.do === 'remove' ? [] : step.type === 'A' || step.type === 'AAAA' ? [step.name] : [step.value])))
}

function isForeign(candidate: string): boolean {
  return candidate.includes('.') && !['shop.example', 'second-shop.example', 'local', 'co.uk'].some((suffix) => candidate === suffix || (suffix !== 'co.uk' && isAtOrBelow(candidate, suffix)))
}
