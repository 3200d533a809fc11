/**
 * Fills a data folder before a gate opens it: bans (127.3.0.0/16, and single addresses of others), and sessions, written by
 * the store's own parts. Bounded: half a minute for a million of each.
 */
import Sqlite from 'better-sqlite3'
import type { Rule, SessionRecord } from '../../shared/events.ts'
import { createBlocks } from '../../electron/store/blocks.ts'
import { createMirror } from '../../electron/store/mirror.ts'
import { databaseFile, openDatabase } from '../../electron/store/schema.ts'

const BLOCK = 128
const NOW = Date.now()

export function seed(dataDir: string, rules: number, sessions: number): void {
  const db = openDatabase(Sqlite, databaseFile(dataDir))
  const put = db.prepare('INSERT INTO rules (kind, scope, reason, by, since, until, hits) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const made: Rule[] = []
  db.transaction(() => {
    for (let index = 0; index < rules; index++) {
      const rule = ruleAt(index)
      made.push(rule)
      put.run(rule.kind, rule.scope, rule.reason, rule.by, rule.since, rule.until, rule.hits)
    }
    db.prepare('INSERT INTO marks VALUES (?, ?)').run('change', '1')
  })()
  createMirror(dataDir).rewrite(made, 1)
  const blocks = createBlocks(db, () => undefined)
  db.transaction(() => {
    for (let first = 0; first < sessions; first += BLOCK) {
      const lines = Array.from({ length: BLOCK }, (_, at) => sessionAt(first + at, sessions))
      blocks.append(lines, lines.map(() => '[[],[]]'))
    }
  })()
  db.close()
}

export function ruleAt(index: number): Rule {
  const scope = index === 0 ? '127.3.0.0/16' : `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  return { kind: 'ban', scope, reason: 'bench', by: 'admin', since: new Date(NOW).toISOString(), until: null, hits: 0 }
}

function sessionAt(index: number, of: number): string {
  const client = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`
  const session: SessionRecord = {
    id: `s${index}`.padEnd(22, '0'), at: new Date(NOW - (of - index) * 1000).toISOString(), client, port: 25, ehlo: `host${index}.bench.example`,
    ptrNames: [], verifiedName: null, iprev: 'permerror', verdict: 'reject', findings: ['ptr-missing'], refusedFor: ['ptr-missing'], disposition: 'rejected',
    sender: 'a@sender.example', recipients: ['joe@shop.example'], reply: '550 5.7.25 no reverse name', bytes: 0, tls: null, ms: 40,
    transactions: [{ sender: 'a@sender.example', recipients: [{ address: 'joe@shop.example', reply: '550 5.7.25 no reverse name' }], reply: null, bytes: 0 }],
  }
  return JSON.stringify(session)
}
