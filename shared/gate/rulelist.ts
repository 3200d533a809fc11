/**
 * Rules as files: a plain list (one scope a line, `#` or `;` begins a comment, which becomes the reason), CSV (scope, kind, reason,
 * until; RFC 4180), and what nftables and fail2ban say and take. CSV exported and imported again is the same rules. A
 * spreadsheet never takes a cell for a formula.
 */
import { csvCell, unguarded } from '../net/csv.ts'
import type { Rule, RuleKind } from '../events.ts'
import { isFail2ban, readFail2ban, writeFail2ban } from './fail2banlist.ts'
import { MAX_LIST_LINES, oneLine } from './listrow.ts'
import type { ListRow } from './listrow.ts'
import { isNft, readNft } from './nftset.ts'
import { writeNft } from './nftwrite.ts'
import { parseScope } from './scope.ts'

export const LIST_FORMATS = ['plain', 'csv', 'nftables', 'fail2ban'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

/** A rule as a file has it: canonical scope; `until` ISO 8601, null for good, undefined: the usual time of its kind. */
export interface ListedRule {
  readonly kind: RuleKind
  readonly scope: string
  readonly reason: string
  readonly until?: string | null | undefined
}

/** Problems are whole sentences with the line's number; of many only the first. The same scope again: the last one counts. */
export type ListResult =
  | { readonly ok: true; readonly rules: readonly ListedRule[]; /** Over before they began: left out. */ readonly expired: number }
  | { readonly ok: false; readonly problems: readonly string[] }

const MAX_PROBLEMS = 20
const MAX_PIECE = 1000
const MAX_REASON = 500
const HEADER = ['scope', 'kind', 'reason', 'until']

/** What is in a list, good and bad, for someone who looks before importing. `problems`: the first ones, of `bad` in all. */
export interface ListSurvey {
  readonly format: ListFormat
  readonly rules: readonly ListedRule[]
  readonly expired: number
  /** Scopes that stand there more than once: the last one counts. */
  readonly repeated: number
  readonly problems: readonly string[]
  readonly bad: number
}

/** `kind`: what a list is of that does not say it. Without `format` it is known by the first line that says something. */
export function readRuleList(text: string, kind: RuleKind, now: number, format?: ListFormat): ListResult {
  const { rules, expired, problems } = surveyRuleList(text, kind, now, format)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rules, expired }
}

/** As `readRuleList`, but what is well is told beside what is not. */
export function surveyRuleList(text: string, kind: RuleKind, now: number, known?: ListFormat): ListSurvey {
  const body = text.replace(/^\ufeff/, '')
  const format = known ?? formatOf(body)
  const rows = rowsOf(body, format, now)
  if (typeof rows === 'string') return { format, rules: [], expired: 0, repeated: 0, problems: [rows], bad: 1 }
  const rules = new Map<string, ListedRule>()
  const problems: string[] = []
  let bad = 0
  let expired = 0
  let repeated = 0
  for (const row of rows) {
    const rule = readRow(row, kind)
    if (typeof rule === 'string') {
      bad++
      if (problems.length < MAX_PROBLEMS) problems.push(`line ${row.line}: ${rule}`)
    } else if (typeof rule.until === 'string' && Date.parse(rule.until) <= now) expired++
    else {
      const key = `${rule.kind} ${rule.scope}`
      if (rules.has(key)) repeated++
      rules.set(key, rule)
    }
  }
  return { format, rules: [...rules.values()], expired, repeated, problems, bad }
}

function formatOf(body: string): ListFormat {
  if (isHeader(/^[^\r\n]*/.exec(body)?.[0] ?? '')) return 'csv'
  if (isNft(body)) return 'nftables'
  return isFail2ban(body) ? 'fail2ban' : 'plain'
}

/** The columns in any order; scope must be among them. */
function isHeader(line: string): boolean {
  const names = line.split(',').map((name) => name.trim().toLowerCase().replace(/^"(.*)"$/, '$1'))
  return names.includes('scope') && (names[0] === 'scope' || names.every((name) => HEADER.includes(name)))
}

function rowsOf(body: string, format: ListFormat, now: number): ListRow[] | string {
  switch (format) {
    case 'plain':
      return plainRows(body)
    case 'csv':
      return csvRows(body)
    case 'nftables':
      return readNft(body, now)
    case 'fail2ban':
      return readFail2ban(body)
  }
}

/**
 * `now`, ms since 1970: nftables is told how long each rule still holds. `all`: every rule there is, of which `rules` are to be
 * written: the whitelist beats a ban, and a firewall must not drop whom it names.
 */
export function writeRuleList(rules: readonly Rule[], format: ListFormat, now: number, all: readonly Rule[] = rules): string {
  switch (format) {
    case 'plain':
      return rules.map(({ scope, reason }) => `${scope}${reason === '' ? '' : ` # ${oneLine(reason)}`}\n`).join('')
    case 'csv':
      return writeCsv(rules)
    case 'nftables':
      return writeNft(rules, now, all)
    case 'fail2ban':
      return writeFail2ban(rules)
  }
}

function writeCsv(rules: readonly Rule[]): string {
  const lines = rules.map(({ scope, kind, reason, until }) => [scope, kind, reason, until ?? ''].map(csvCell).join(','))
  return [HEADER.join(','), ...lines].map((line) => `${line}\r\n`).join('')
}

/** In pieces of which each, as JSON, is well below what one call of the API may have. */
export function inPieces(rules: readonly ListedRule[], maxChars = 100_000): ListedRule[][] {
  const pieces: ListedRule[][] = []
  let room = 0
  for (const rule of rules) {
    // Six octets at most for one character in JSON text.
    const length = 100 + 6 * rule.scope.length + 6 * rule.reason.length
    if (room < length || pieces.length === 0 || (pieces.at(-1)?.length ?? 0) >= MAX_PIECE) {
      pieces.push([])
      room = maxChars
    }
    pieces.at(-1)?.push(rule)
    room -= length
  }
  return pieces
}

function readRow({ cells }: ListRow, usual: RuleKind): ListedRule | string {
  const typed = cells.kind ?? ''
  const kind = typed === '' ? usual : typed.toLowerCase()
  if (kind !== 'ban' && kind !== 'allow') return `kind: expected ban or allow`
  const parsed = parseScope(kind, cells.scope ?? '')
  if (!parsed.ok) return parsed.problem
  const reason = (cells.reason ?? '').slice(0, MAX_REASON)
  const until = cells.until === undefined ? undefined : untilOf(cells.until)
  if (until?.kind === 'bad') return 'until: expected a time such as 2026-11-23T15:00:00Z, or nothing (for good)'
  return { kind, scope: parsed.scope.text, reason, ...(until === undefined ? {} : { until: until.until }) }
}

function untilOf(text: string): { readonly kind: 'bad' } | { readonly kind: 'until'; readonly until: string | null } {
  if (text === '') return { kind: 'until', until: null }
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? { kind: 'bad' } : { kind: 'until', until: new Date(at).toISOString() }
}

function plainRows(text: string): ListRow[] | string {
  const lines = text.split(/\r?\n/)
  if (lines.length > MAX_LIST_LINES) return `expected at most ${MAX_LIST_LINES} lines`
  return lines.flatMap((line, index) => {
    const [, scope = '', reason = ''] = /^([^#;]*)[#;]?(.*)$/s.exec(line) ?? []
    return scope.trim() === '' ? [] : [{ line: index + 1, cells: { scope: scope.trim(), reason: reason.trim() } }]
  })
}

function csvRows(text: string): ListRow[] | string {
  const rows: ListRow[] = []
  let columns: readonly string[] | null = null
  const records = csvRecords(text)
  if (typeof records === 'string') return records
  for (const { line, cells } of records) {
    if (cells.length === 1 && cells[0]?.trim() === '') continue
    if (columns === null) {
      columns = cells.map((cell) => cell.trim().toLowerCase())
      const unknown = columns.find((column) => !HEADER.includes(column))
      if (unknown !== undefined) return `line 1: unknown column; expected ${HEADER.join(', ')}`
      continue
    }
    if (cells.length > columns.length) return `line ${line}: more cells than columns`
    rows.push({ line, cells: Object.fromEntries(cells.map((cell, at) => [columns?.[at] ?? '', unguarded(cell).trim()])) })
  }
  return rows
}

/** RFC 4180: cells in double quotes may hold commas, line ends and doubled quotes. */
function csvRecords(text: string): { readonly line: number; readonly cells: string[] }[] | string {
  const records: { readonly line: number; readonly cells: string[] }[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  let line = 1
  let cells: string[] = []
  let began = 1
  while (cell.lastIndex < text.length || cells.length > 0) {
    const match = cell.exec(text)
    if (match === null) return `line ${line}: quotes that do not fit`
    const [all, quoted, bare = '', end] = match
    cells.push(quoted?.replaceAll('""', '"') ?? bare)
    line += all.split('\n').length - 1
    if (end === ',') continue
    records.push({ line: began, cells })
    if (records.length > MAX_LIST_LINES) return `expected at most ${MAX_LIST_LINES} lines`
    cells = []
    began = line
    if (cell.lastIndex >= text.length) break
  }
  return records
}
