/**
 * Fills a data folder before a gate opens it: bans (127.3.0.0/16, and single addresses of others), and sessions of a made-up
 * population, written by the store's own parts. A minute and a half for a million sessions. As a script:
 * `node test/bench/seed.ts DIR [SESSIONS] [RULES]`.
 */
import { mkdirSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Rule } from '../../shared/events.ts'
import { createBlocks } from '../../electron/store/blocks.ts'
import { createMirror } from '../../electron/store/mirror.ts'
import { databaseFile, openDatabase } from '../../electron/store/schema.ts'
import { population } from './population.ts'

const BLOCK = 128
const BLOCKS_AT_ONCE = 100
const NOW = Date.now()

/** `now`: when the last session ended, ms. */
export function seed(dataDir: string, rules: number, sessions: number, now = NOW): void {
  mkdirSync(dataDir, { recursive: true })
  const db = openDatabase(Sqlite, databaseFile(dataDir))
  const put = db.prepare('INSERT INTO rules (kind, scope, reason, by, since, until, hits) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const made: Rule[] = []
  db.transaction(() => {
    for (let index = 0; index < rules; index++) {
      const rule = ruleAt(index)
      made.push(rule)
      put.run(rule.kind, rule.scope, rule.reason, rule.by, rule.since, rule.until, rule.hits)
    }
    db.prepare('INSERT OR REPLACE INTO marks VALUES (?, ?)').run('change', '1')
  })()
  createMirror(dataDir).rewrite(made, 1)
  const blocks = createBlocks(db, () => undefined)
  const people = population(sessions, now)
  for (let next = 0; next < sessions; ) {
    db.transaction(() => {
      for (let count = 0; count < BLOCKS_AT_ONCE && next < sessions; count++) {
        const lines = Array.from({ length: Math.min(BLOCK, sessions - next) }, (_, at) => JSON.stringify(people.sessionOf(next + at)))
        blocks.append(lines, lines.map(() => '[[],[]]'))
        next += lines.length
      }
    })()
  }
  db.close()
}

export function ruleAt(index: number): Rule {
  const scope = index === 0 ? '127.3.0.0/16' : `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  return { kind: 'ban', scope, reason: 'bench', by: 'admin', since: new Date(NOW).toISOString(), until: null, hits: 0 }
}

if (import.meta.main) {
  const [dir = '', sessions = '1000000', rules = '0'] = process.argv.slice(2)
  if (dir === '') throw new Error('usage: node test/bench/seed.ts DIR [SESSIONS] [RULES]')
  seed(dir, Number(rules), Number(sessions))
}
