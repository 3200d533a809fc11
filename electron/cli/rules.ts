/** `porch ban, unban, allow, disallow, rules`, and rules from and to files. */
import { readFileSync, statSync } from 'node:fs'
import type { Rule, RuleKind } from '../../shared/events.ts'
import { LIST_FORMATS, readRuleList, writeRuleList } from '../../shared/gate/rulelist.ts'
import type { ListFormat } from '../../shared/gate/rulelist.ts'
import { isWide, parseDuration, parseScope } from '../../shared/gate/scope.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import { readAtMost } from '../readatmost.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { changing, withOperations } from './operations.ts'
import { write, writeLine } from './output.ts'
import { localTime, table } from './table.ts'

export interface RuleFlags extends CommonFlags {
  readonly for?: string
  readonly reason?: string
}

const MAX_REASON = 500
const MAX_FILE = 256 * 1024 * 1024
const TOO_LARGE = 'larger than 256 MiB'
const SHOWN_PROBLEMS = 5

export async function addRule(kind: RuleKind, scope: string, flags: RuleFlags): Promise<number> {
  const parsed = parseScope(kind, scope)
  if (!parsed.ok) throw new Failure(parsed.problem)
  const duration = flags.for === undefined ? undefined : parseDuration(flags.for)
  if (duration?.ok === false) throw new Failure(`--for ${duration.problem}`)
  const reason = flags.reason ?? ''
  if (reason.length > MAX_REASON) throw new Failure(`--reason: expected at most ${MAX_REASON} characters`)
  const input = { kind, scope: parsed.scope.text, reason, ...(duration === undefined ? {} : { forMs: duration.ms }) }
  const outcome = await changing(placeOf(flags), (operations) => operations.addRule(input))
  if (!outcome.ok) throw new Failure(outcome.problem)
  report(outcome.rule, flags, kind === 'ban' ? 'banned' : 'allowed')
  const wide = wideOf(outcome.rule)
  if (wide !== null) process.stderr.write(`porch: ${wide}\n`)
  return 0
}

/** A slip of the finger that is worth a word, though it is done; null: it is none. */
function wideOf({ kind, scope }: Rule): string | null {
  if (!isWide(kind, scope)) return null
  return kind === 'ban'
    ? `${scope} is a large part of the Internet: nearly all mail from it is refused now; porch unban ${scope} takes it back`
    : `${scope} is a large part of the Internet: nearly nobody in it is checked any more; porch disallow ${scope} takes it back`
}

export async function removeRule(kind: RuleKind, scope: string, flags: CommonFlags): Promise<number> {
  const parsed = parseScope(kind, scope)
  if (!parsed.ok) throw new Failure(parsed.problem)
  const outcome = await changing(placeOf(flags), (operations) => operations.removeRule(kind, parsed.scope.text))
  if (!outcome.ok) throw new Failure(outcome.problem, 1)
  report(outcome.rule, flags, kind === 'ban' ? 'no longer banned' : 'no longer allowed')
  return 0
}

export async function listRules(flags: CommonFlags): Promise<number> {
  const rules = await withOperations(placeOf(flags), (operations) => operations.rules())
  const ordered = [...rules].sort((a, b) => textOrder(b.since, a.since) || textOrder(a.kind, b.kind) || textOrder(a.scope, b.scope))
  if (flags.json === true) for (const rule of ordered) writeLine(ruleJson(rule))
  else if (ordered.length === 0) writeLine('no rules yet: porch ban ADDRESS refuses a sender, porch allow ADDRESS lets one pass')
  else for (const line of table(['KIND', 'SCOPE', 'SINCE', 'UNTIL', 'BY', 'HITS', 'REASON'], ordered.map(cells))) writeLine(line)
  return 0
}

export interface ListFlags extends CommonFlags {
  readonly kind?: string
  readonly format?: string
}

/** All of the file or, if one line is wrong, nothing of it. */
export async function importRules(file: string, flags: ListFlags): Promise<number> {
  const kind = flags.kind === undefined ? 'ban' : kindOf(flags.kind)
  const format = flags.format === undefined ? undefined : formatOf(flags.format)
  const list = readRuleList(await readList(file), kind, Date.now(), format)
  if (!list.ok) throw new Failure(`${file}: ${list.problems.slice(0, SHOWN_PROBLEMS).join('; ')}${list.problems.length > SHOWN_PROBLEMS ? '; and more' : ''}; nothing was imported`)
  if (list.rules.length > 0) {
    const outcome = await changing(placeOf(flags), (operations) => operations.importRules(list.rules))
    if (!outcome.ok) throw new Failure(outcome.problem)
  }
  const added = list.rules.length
  if (flags.json === true) writeLine(JSON.stringify({ imported: added, expired: list.expired }))
  else writeLine(`${added} ${added === 1 ? 'rule' : 'rules'} imported${list.expired === 0 ? '' : `; ${list.expired} left out that are over already`}`)
  return 0
}

export async function exportRules(flags: ListFlags): Promise<number> {
  const format = formatOf(flags.format ?? 'csv')
  // A plain list does not say of what it is one; and who exports for a firewall means the bans.
  const kind = flags.kind === undefined ? (format === 'csv' ? null : 'ban') : kindOf(flags.kind)
  const rules = await withOperations(placeOf(flags), (operations) => operations.rules())
  const text = writeRuleList(rules.filter((rule) => kind === null || rule.kind === kind), format, Date.now(), rules)
  if (text !== '') write(text)
  return 0
}

function formatOf(text: string): ListFormat {
  const format = LIST_FORMATS.find((each) => each === text)
  if (format === undefined) throw new Failure(`--format ${visibleText(text, 40)}: expected csv, plain, nftables or fail2ban`)
  return format
}

function kindOf(text: string): RuleKind {
  if (text === 'ban' || text === 'allow') return text
  throw new Failure(`--kind ${visibleText(text, 40)}: expected ban or allow`)
}

async function readList(file: string): Promise<string> {
  try {
    // What is piped comes when the other program has it.
    if (file !== '-' && statSync(file).size > MAX_FILE) throw new Error(TOO_LARGE)
    const list = file === '-' ? await readAtMost(process.stdin, MAX_FILE) : readFileSync(file)
    if (list === null) throw new Error(TOO_LARGE)
    return list.toString('utf8')
  } catch (error) {
    throw new Failure(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function textOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The keys and their order are CONTRACT's. */
function ruleJson({ kind, scope, reason, by, since, until, hits }: Rule): string {
  return JSON.stringify({ kind, scope, reason, by, since, until, hits })
}

function cells(rule: Rule): string[] {
  const until = rule.until === null ? 'for good' : localTime(rule.until)
  return [rule.kind, rule.scope, localTime(rule.since), until, rule.by, String(rule.hits), visibleText(rule.reason, 80)]
}

function report(rule: Rule, flags: CommonFlags, what: string): void {
  if (flags.json === true) writeLine(ruleJson(rule))
  else if (what.startsWith('no longer')) writeLine(`${rule.scope} is ${what}`)
  else writeLine(`${rule.scope} is ${what} ${rule.until === null ? 'for good' : `until ${localTime(rule.until)}`}`)
}
