/**
 * A second copy of the rules, beside the database: what the admin decided survives a torn database file, a lost write-ahead
 * log, and a database that cannot be opened just now. Lines of JSON, appended and synced with each change (so a change costs
 * one short write whatever the number of rules), each with the change's number: whoever has the higher one is right.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Rule, RuleKind } from '../../shared/events.ts'

export type RuleChange = { readonly put: Rule } | { readonly del: readonly [RuleKind, string] }
export type NumberedChange = RuleChange & { readonly n: number }

const FILE = 'rules.jsonl'

export interface MirrorContents {
  /** The number of the last change; 0 if there is none. */
  readonly last: number
  readonly rules: readonly Rule[]
  readonly lines: number
}

export function createMirror(dataDir: string) {
  const file = join(dataDir, FILE)
  return {
    exists: () => existsSync(file),
    read: (): MirrorContents => readMirror(file),
    /** The number of the last change, from the file's end alone. */
    last: (): number => lastChange(file),
    /** Appends and syncs. Throws what the file system says. */
    append(changes: readonly NumberedChange[]): void {
      const handle = openSync(file, 'a', 0o600)
      try {
        // A leading line end closes a line that a crash or a full disk left half written.
        writeSync(handle, `\n${changes.map((change) => JSON.stringify(change)).join('\n')}\n`)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    },
    /** Writes all rules anew, beside the old file, then in its place. */
    rewrite(rules: readonly Rule[], last: number): void {
      const lines = rules.map((rule) => JSON.stringify({ n: last, put: rule } satisfies NumberedChange))
      if (lines.length === 0) lines.push(JSON.stringify({ n: last, del: ['ban', ''] } satisfies NumberedChange))
      const beside = `${file}.new`
      writeFileSync(beside, `${lines.join('\n')}\n`, { mode: 0o600, flush: true })
      renameSync(beside, file)
      syncFolder(dirname(file))
    },
  }
}

export type Mirror = ReturnType<typeof createMirror>

function readMirror(file: string): MirrorContents {
  const rules = new Map<string, Rule>()
  let last = 0
  let lines = 0
  if (!existsSync(file)) return { last, rules: [], lines }
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const change = line === '' ? null : readLine(line)
    if (change === null) continue
    lines++
    last = Math.max(last, change.n)
    if ('put' in change) rules.set(`${change.put.kind} ${change.put.scope}`, change.put)
    else rules.delete(change.del.join(' '))
  }
  return { last, rules: [...rules.values()], lines }
}

const TAIL_BYTES = 65_536

function lastChange(file: string): number {
  if (!existsSync(file)) return 0
  const handle = openSync(file, 'r')
  try {
    const tail = Buffer.alloc(TAIL_BYTES)
    const from = Math.max(0, fstatSync(handle).size - TAIL_BYTES)
    const length = readSync(handle, tail, 0, TAIL_BYTES, from)
    const numbers = tail.toString('utf8', 0, length).split('\n').map((line) => readLine(line)?.n ?? 0)
    return Math.max(0, ...numbers)
  } finally {
    closeSync(handle)
  }
}

/** A torn line is no change. */
function readLine(line: string): NumberedChange | null {
  try {
    const change = JSON.parse(line) as Partial<{ n: number; put: Partial<Rule>; del: unknown[] }>
    if (typeof change.n !== 'number') return null
    if (change.put !== undefined) return isRule(change.put) ? { n: change.n, put: change.put } : null
    const [kind, scope] = change.del ?? []
    return (kind === 'ban' || kind === 'allow') && typeof scope === 'string' ? { n: change.n, del: [kind, scope] } : null
  } catch {
    return null
  }
}

function isRule(rule: Partial<Rule>): rule is Rule {
  return (
    (rule.kind === 'ban' || rule.kind === 'allow') &&
    [rule.scope, rule.reason, rule.since].every((text) => typeof text === 'string') &&
    (rule.by === 'admin' || rule.by === 'auto') &&
    (rule.until === null || typeof rule.until === 'string') &&
    typeof rule.hits === 'number'
  )
}

/** So that the rename itself survives a power cut; not every system allows it on a folder. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Windows: folders cannot be synced; the rename is atomic all the same.
  }
}
