/** Housekeeping of blocks, and the promise of the filters: no session that matches is ever ruled out. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEngine } from '../../../electron/store/engine.ts'
import type { Engine } from '../../../electron/store/engine.ts'
import { parseSearch, wider } from '../../../shared/search/query.ts'
import { compileFilter, sessionTerms } from '../../../electron/store/match.ts'
import { buildFilter, hashTerm, mayHold } from '../../../electron/store/termfilter.ts'
import { DISPOSITIONS, FINDINGS } from '../../../shared/events.ts'
import type { SessionRecord } from '../../../shared/events.ts'
import { NOW, entryOf } from '../../contract/storecast.ts'

let dataDir: string
let engine: Engine
let batch: number

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'porch-engine-'))
  batch = 0
  engine = openEngine({ sqlite: Sqlite, dataDir, run: 'test', now: () => NOW, onTorn: () => undefined, onDamaged: () => undefined })
})
afterEach(() => {
  engine.close()
  rmSync(dataDir, { recursive: true })
})

function write(...ids: readonly [id: string, secondsAgo: number][]) {
  const lines = ids.flatMap(([id, ago]) => {
    const entry = entryOf(id, ago)
    return [JSON.stringify(entry.session), JSON.stringify([entry.evidence, entry.transcript])]
  })
  engine.apply([{ op: 'write', batch: ++batch, lines }])
}

function blocks(): number[] {
  const db = new Sqlite(join(dataDir, 'journal.sqlite'), { readonly: true })
  const rows = db.prepare('SELECT sessions FROM blocks ORDER BY first').pluck().all() as number[]
  db.close()
  return rows
}

const ids = async () => (await engine.sessions({ limit: 1000 })).map((session) => session.id)
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, each) => `${prefix}${count - 1 - each}`)
const DAY = 86_400

test('small blocks of one day are joined, those of a day that is over too; nothing is lost or moved', async () => {
  for (let each = 0; each < 3; each++) write([`old${each}`, 3 * DAY - each])
  write(...Array.from({ length: 100 }, (_, each): [string, number] => [`big${each}`, 2 * DAY]))
  for (let each = 0; each < 150; each++) write([`new${each}`, 3600 - each])
  let steps = 0
  while (engine.joinStep()) steps++
  expect([steps, blocks()]).toEqual([2, [3, 100, 128, ...Array.from({ length: 22 }, () => 1)]])
  expect(await ids()).toEqual([...numbered('new', 150), ...numbered('big', 100), ...numbered('old', 3)])
  expect(await engine.entry('new77')).toEqual(entryOf('new77', 3600 - 77))
  expect(engine.counts(new Date(NOW - 1.5 * DAY * 1000).toISOString())).toEqual({ rejected: 150 })
})

test('pruned by age in small steps: what is younger stays', async () => {
  for (let each = 0; each < 80; each++) write([`old${each}`, 100 * DAY - each])
  for (let each = 0; each < 5; each++) write([`new${each}`, 10 * DAY - each])
  engine.apply([{ op: 'addHits', hits: [{ kind: 'ban', scope: 'x', hits: 1, minute: 5 }] }])
  const before = NOW - 90 * DAY * 1000
  expect([engine.pruneStep(before), blocks().length]).toEqual([true, 53])
  expect([engine.pruneStep(before), engine.pruneStep(before), engine.pruneStep(before)]).toEqual([true, false, false])
  expect(await ids()).toEqual(numbered('new', 5))
  write(['next', 0])
  expect(await ids()).toEqual(['next', ...numbered('new', 5)])
})

test('a batch that was written is not written again', async () => {
  write(['a', 0])
  batch = 0
  write(['a', 0])
  write(['b', 0])
  expect(await ids()).toEqual(['b', 'a'])
})

test('the term filter never denies a term it holds, and seldom affirms another', () => {
  const terms = new Set(Array.from({ length: 1000 }, (_, each) => `n:host${each}.example`))
  const filter = buildFilter(terms)
  expect(filter.length).toBe(2000)
  expect([...terms].filter((term) => !mayHold(filter, hashTerm(term)))).toEqual([])
  const wrong = Array.from({ length: 20_000 }, (_, each) => `n:other${each}.example`).filter((term) => mayHold(filter, hashTerm(term)))
  expect(wrong.length).toBeLessThan(60)
  expect(mayHold(buildFilter(new Set()), hashTerm('x'))).toBe(false)
})

const name = fc.constantFrom('mail.acme.example', 'Acme.Example.', 'acme.example', 'x', '[192.0.2.7]', 'a"b\\c', '\u202eevil', '\ud800', 'İ.example', '..', '')
const mail = fc.oneof(fc.constantFrom('', 'joe@shop.example', 'JOE@Mail.Shop.Example.', 'postmaster', 'a@b@c', '"q\\"@x"@y.example', '@x', 'é@ü.example'), name.map((each) => `bob@${each}`))
const client = fc.constantFrom('192.0.2.7', '192.0.2.200', '198.51.100.1', '2001:db8::1', '2001:db8:0:1::1', '::1')
const session = fc.record({
  client, ehlo: fc.option(name), ptrNames: fc.array(name, { maxLength: 2 }), verifiedName: fc.option(name), sender: fc.option(mail),
  recipients: fc.array(mail, { maxLength: 2 }), disposition: fc.constantFrom(...DISPOSITIONS),
  transactions: fc.array(fc.record({ sender: mail, recipients: fc.array(fc.record({ address: mail, reply: fc.constant('250 Ok') }), { maxLength: 2 }), reply: fc.constant(null), bytes: fc.constant(0) }), { maxLength: 2 }),
})
const optional = <T>(of: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: of })
const filter = fc.record({
  client: optional(fc.oneof(client, fc.constantFrom('192.0.2.0/24', '192.0.0.0/10', '0.0.0.0/0', '128.0.0.0/3', '2001:db8::/40', '::/0'))),
  name: optional(fc.oneof(name, fc.constant('example'))), rcpt: optional(fc.oneof(mail, name)), sender: optional(fc.oneof(mail, name, fc.constant('<>'))),
  disposition: optional(fc.constantFrom(...DISPOSITIONS)), finding: optional(fc.constantFrom(...FINDINGS)), limit: fc.constant(1),
  search: optional(fc.tuple(fc.oneof(name, mail, client, fc.constantFrom('192.0.2.0/23', '192.0.2.192/27', '2001:db8::/60', 'acme', 'xa')), fc.oneof(name, mail, fc.constant('')), fc.constantFrom('', ' got nothing from '), fc.boolean()).map(([one, other, between, wide]) => {
    const search = parseSearch(`${one}${between === '' ? ' ' : between}${other}`)
    return (wide ? wider(search) : null) ?? search
  })),
})

test('a session that matches has the terms and the needles of the filter', () => {
  let matched = 0
  fc.assert(
    fc.property(session, filter, (parts, asked) => {
      const record: SessionRecord = { ...entryOf('s1', 0).session, ...parts }
      const query = compileFilter(asked)
      if (!query.matches(record)) return
      matched++
      const terms = new Set<string>()
      sessionTerms(record, (term) => terms.add(term))
      for (const group of [...query.groups, ...query.later.map(({ terms }) => terms)]) expect(group.some((term) => terms.has(term))).toBe(true)
      const json = JSON.stringify(record).toLowerCase()
      for (const group of query.needles) expect(group.some((needle) => json.includes(needle))).toBe(true)
    }),
    { numRuns: 20_000, seed: 7 },
  )
  expect(matched).toBeGreaterThan(4000)
})

test('a database of the version before is brought on; what it holds stays', async () => {
  write(['a', 0])
  engine.apply([{ op: 'putRule', rule: { kind: 'ban', scope: '192.0.2.1', reason: 'spam', by: 'admin', since: new Date(NOW).toISOString(), until: null, hits: 0 } }])
  engine.close()
  const db = new Sqlite(join(dataDir, 'journal.sqlite'))
  db.exec('ALTER TABLE rules DROP COLUMN last_hit; DROP TABLE conduct; DROP TABLE senders; DROP TABLE notices; DROP INDEX rule_hits_of_scope; DROP INDEX rule_hits_by_minute; DROP TABLE report_hours; DROP TABLE report_tops; DROP TABLE report_fixes; PRAGMA user_version = 1')
  db.close()
  engine = openEngine({ sqlite: Sqlite, dataDir, run: 'test', now: () => NOW, onTorn: () => undefined, onDamaged: () => undefined })
  engine.apply([{ op: 'addHits', hits: [{ kind: 'ban', scope: '192.0.2.1', hits: 2, minute: 3 }] }, { op: 'putConduct', rows: [['accepted', '192.0.2.1', '7']] }])
  expect([await ids(), engine.rulesJson(), engine.hitHistory([{ kind: 'ban', scope: '192.0.2.1' }], 0), engine.conductJson()]).toEqual([
    ['a'], JSON.stringify([['ban', '192.0.2.1', 'spam', 'admin', new Date(NOW).toISOString(), null, 2, 180_000]]), [[[0, 2]]], '[["accepted","192.0.2.1","7"]]',
  ])
  expect(engine.uncounted()).toBe(1)
  while (engine.countStep());
  engine.flushCounts('all')
  expect([engine.uncounted(), engine.sender('216.33.111.150')]).toMatchObject([0, { attempts: 1, refused: 1 }])
})

test('hits are kept by the minute for two days, then by the hour, and go with the sessions of their time', () => {
  const hit = (minute: number, hits: number, scope = '192.0.2.1') => engine.apply([{ op: 'addHits', hits: [{ kind: 'ban', scope, hits, minute }] }])
  const rows = () => {
    const db = new Sqlite(join(dataDir, 'journal.sqlite'), { readonly: true })
    const all = db.prepare<[], { row: string }>("SELECT minute || ' ' || scope || ' ' || hits AS row FROM rule_hits ORDER BY minute, scope").all().map(({ row }) => row)
    db.close()
    return all
  }
  const prune = (before: number) => {
    while (engine.pruneStep(before * 60_000));
  }
  for (const [minute, hits, scope] of [[59, 1], [61, 2], [119, 3], [119, 9, '192.0.2.2'], [120, 4], [121, 4]] as const) hit(minute, hits, scope)
  hit(2 * 1440 + 120, 7)
  prune(0)
  expect(rows()).toEqual(['0 192.0.2.1 1', '60 192.0.2.1 5', '60 192.0.2.2 9', '120 192.0.2.1 4', '121 192.0.2.1 4', '3000 192.0.2.1 7'])
  // A late one is joined to its hour.
  hit(70, 1)
  prune(0)
  expect(engine.hitHistory([{ kind: 'ban', scope: '192.0.2.1' }], 0)).toEqual([[[0, 1], [3_600_000, 6], [7_200_000, 8], [180_000_000, 7]]])
  prune(61)
  expect(rows()).toEqual(['120 192.0.2.1 4', '121 192.0.2.1 4', '3000 192.0.2.1 7'])
})
