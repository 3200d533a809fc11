/**
 * Which rules the Rules page shows, in which order. A hundred thousand are sorted once; after that each change starts from
 * the order that was there, which costs next to nothing.
 */
import type { Rule } from '../../shared/events.ts'
import { readScope } from '../../shared/gate/scope.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { keyOfRule } from './rulebook.ts'
import type { RuleBook } from './rulebook.ts'
import type { RuleTab } from './route.ts'

export type Column = 'kind' | 'scope' | 'reason' | 'by' | 'since' | 'until' | 'hits' | 'lastHit'

export interface Order {
  readonly column: Column
  readonly descending: boolean
}

export interface Wanted {
  readonly tab: RuleTab
  readonly text: string
  readonly order: Order
}

/** The latest first. */
export const USUAL_ORDER: Order = { column: 'since', descending: true }

/** What a click on a column's head makes of the order: times and counts begin with the largest. */
export function nextOrder({ column, descending }: Order, clicked: Column): Order {
  if (clicked === column) return { column, descending: !descending }
  return { column: clicked, descending: clicked === 'since' || clicked === 'hits' || clicked === 'lastHit' }
}

export class Arrangement {
  #wanted: Wanted | null = null
  #rows: readonly Rule[] = []

  /** Rows in order. The same array as before if nothing is other. */
  rows(book: RuleBook, wanted: Wanted): readonly Rule[] {
    const isSame = this.#wanted !== null && this.#wanted.tab === wanted.tab && this.#wanted.text === wanted.text
    const start = isSame ? followed(this.#rows, book) : null
    const rows = (start ?? [...book.rules.values()]).filter(matcher(book, wanted))
    rows.sort(comparison(wanted.order))
    this.#wanted = wanted
    this.#rows = rows
    return rows
  }
}

/** Rows as they are now, without those that are gone; then the new ones. */
function followed(rows: readonly Rule[], book: RuleBook): Rule[] {
  const next: Rule[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    const key = keyOfRule(row)
    const now = book.rules.get(key)
    if (now === undefined) continue
    seen.add(key)
    next.push(now)
  }
  if (seen.size < book.rules.size) for (const [key, rule] of book.rules) if (!seen.has(key)) next.push(rule)
  return next
}

/** Text is found in scope and reason; an address also finds what covers it, a network what is inside. */
function matcher(book: RuleBook, { tab, text }: Wanted): (rule: Rule) => boolean {
  const wanted = text.trim().toLowerCase()
  const ofKind = (rule: Rule) => tab === 'all' || rule.kind === tab
  if (wanted === '') return ofKind
  const address = parseAddress(wanted)
  const covering = address === null ? null : new Set(book.covering(address).map(keyOfRule))
  const network = wanted.includes('/') ? parseNetwork(wanted) : null
  const isInside = (rule: Rule) => {
    const scope = network === null ? null : readScope(rule.kind, rule.scope)
    return network !== null && scope?.kind === 'network' && contains(network, scope.network.address) && scope.network.prefix >= network.prefix
  }
  return (rule) => ofKind(rule) && (rule.scope.includes(wanted) || rule.reason.toLowerCase().includes(wanted) || covering?.has(keyOfRule(rule)) === true || isInside(rule))
}

function comparison({ column, descending }: Order): (a: Rule, b: Rule) => number {
  const up = ascending(column)
  return descending ? (a, b) => up(b, a) : up
}

function ascending(column: Column): (a: Rule, b: Rule) => number {
  switch (column) {
    case 'kind': return (a, b) => texts(a.kind, b.kind)
    case 'scope': return (a, b) => texts(scopeKey(a), scopeKey(b))
    case 'reason': return (a, b) => texts(a.reason.toLowerCase(), b.reason.toLowerCase())
    case 'by': return (a, b) => texts(a.by, b.by)
    case 'since': return (a, b) => texts(a.since, b.since)
    case 'until': return (a, b) => texts(a.until ?? '~', b.until ?? '~')
    case 'hits': return (a, b) => a.hits - b.hits
    case 'lastHit': return (a, b) => texts(a.lastHit ?? '', b.lastHit ?? '')
  }
}

const texts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Scopes in the order of their addresses, IPv4 first; names after them, by domain. Worked out once a scope. */
const scopeKeys = new Map<string, string>()
const MOST_KEYS = 500_000

function scopeKey({ kind, scope }: Rule): string {
  const known = scopeKeys.get(scope)
  if (known !== undefined) return known
  const read = readScope(kind, scope)
  const key = read === null ? scope : read.kind === 'network'
    ? `${read.network.address.family}${String.fromCharCode(...read.network.address.bytes, read.network.prefix)}`
    : `n${read.name.split('.').reverse().join('.')}${read.below ? '.' : ''}`
  if (scopeKeys.size >= MOST_KEYS) scopeKeys.clear()
  scopeKeys.set(scope, key)
  return key
}
