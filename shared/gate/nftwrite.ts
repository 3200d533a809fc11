/**
 * Rules as nftables sets: a file for `nft -f` that replaces the sets of its table in one go, a set a family. Promise: an address
 * that the whitelist names, by itself or within a network, is in no set of bans.
 */
import type { Rule, RuleKind } from '../events.ts'
import type { Family } from '../net/ip.ts'
import { numberAddress, rangeOf } from '../net/range.ts'
import { asciiText } from '../net/safetext.ts'
import { oneLine } from './listrow.ts'
import { readScope } from './scope.ts'

export const NFT_TABLE = 'porch'
/** Of an element's comment nftables keeps 127 octets. */
const MAX_COMMENT = 127

interface Span {
  readonly first: bigint
  readonly last: bigint
}

interface Held {
  readonly rule: Rule
  readonly range: Span
  /** ms since 1970; Infinity: for good. */
  readonly ends: number
}

/**
 * For `nft -f`. nftables knows no overlapping elements: what lies inside a network that lasts as long is left out, and around what lasts
 * longer the network is split. `whitelist`: what beats the bans, whether or not it is written itself (rules of other kinds are passed
 * over). Its names cannot be said; what is over already is left out.
 */
export function writeNft(rules: readonly Rule[], now: number, whitelist: readonly Rule[]): string {
  const kinds = (['ban', 'allow'] as const).filter((kind) => kind === 'ban' ? rules.every((rule) => rule.kind !== 'allow') || rules.some((rule) => rule.kind === 'ban') : rules.some((rule) => rule.kind === 'allow'))
  const sets = kinds.flatMap((kind) => ([4, 6] as const).map((family) => ({ name: `${kind}${family}`, family, elements: elementsOf(kind === 'ban' ? cutOut(piecesOf(rules, kind, family, now), spansOf(whitelist, family, now)) : piecesOf(rules, kind, family, now), family, now) })))
  const bans = kinds.includes('ban')
  const allowed = (bans ? whitelist : rules).filter((rule) => rule.kind === 'allow' && endOf(rule) > now)
  const names = allowed.filter((rule) => readScope(rule.kind, rule.scope)?.kind === 'name')
  const declared = (elements: boolean) => [`table inet ${NFT_TABLE} {`, ...sets.flatMap((set) => [
    `\tset ${set.name} {`, `\t\ttype ipv${set.family}_addr`, '\t\tflags interval, timeout', ...(elements && set.elements.length > 0 ? [`\t\telements = {`, `\t\t\t${set.elements.join(',\n\t\t\t')}`, '\t\t}'] : []), '\t}',
  ]), '}']
  return [
    '#!/usr/sbin/nft -f',
    '# Written by Porch. Loading it replaces these sets. To use one: ip saddr @ban4 drop; ip6 saddr @ban6 drop',
    ...(bans && names.length < allowed.length ? ['# The addresses and networks of the whitelist are cut out of the bans. Export again when the whitelist has changed.'] : []),
    ...(bans && names.length > 0 ? ['# Whom the whitelist has by name only is dropped where a ban covers its address.'] : []),
    ...names.map(({ scope }) => `# left out, as nftables knows no names: ${scope}`),
    ...declared(false),
    ...sets.map(({ name }) => `flush set inet ${NFT_TABLE} ${name}`),
    ...declared(true),
  ].map((line) => `${line}\n`).join('')
}

function endOf({ until }: Rule): number {
  return until === null ? Infinity : Date.parse(until)
}

function heldOf(rules: readonly Rule[], kind: RuleKind, family: Family, now: number): Held[] {
  const held = rules.flatMap((rule): Held[] => {
    const scope = rule.kind === kind ? readScope(kind, rule.scope) : null
    if (scope?.kind !== 'network' || scope.network.address.family !== family) return []
    const ends = endOf(rule)
    return ends > now ? [{ rule, range: rangeOf(scope.network), ends }] : []
  })
  return held.sort((a, b) => compare(a.range.first, b.range.first) || compare(b.range.last, a.range.last))
}

function piecesOf(rules: readonly Rule[], kind: RuleKind, family: Family, now: number): Piece[] {
  return pieces(heldOf(rules, kind, family, now))
}

/** Of the whitelist, in order; what lies within another is left out. */
function spansOf(whitelist: readonly Rule[], family: Family, now: number): Span[] {
  const spans: Span[] = []
  for (const { range } of heldOf(whitelist, 'allow', family, now)) if (range.first > (spans.at(-1)?.last ?? -1n)) spans.push(range)
  return spans
}

/** Both in order and apart, so that one pass does it, however many there are. */
function cutOut(all: readonly Piece[], spans: readonly Span[]): Piece[] {
  const left: Piece[] = []
  let next = 0
  for (const piece of all) {
    while ((spans[next]?.last ?? piece.first) < piece.first) next++
    let from = piece.first
    for (let at = next, span = spans[at]; span !== undefined && span.first <= piece.last; span = spans[++at]) {
      if (from < span.first) left.push({ ...piece, first: from, last: span.first - 1n, whole: false })
      from = span.last + 1n
    }
    if (from === piece.first) left.push(piece)
    else if (from <= piece.last) left.push({ ...piece, first: from, whole: false })
  }
  return left
}

function elementsOf(all: readonly Piece[], family: Family, now: number): string[] {
  return all.flatMap(({ rule, first, last, ends, whole }) => {
    const [from, to] = [numberAddress(family, first), numberAddress(family, last)]
    if (from === null || to === null) return []
    const value = whole ? rule.scope : first === last ? from.text : `${from.text}-${to.text}`
    const timeout = ends === Infinity ? '' : ` timeout ${timeoutText(Math.ceil((ends - now) / 1000))}`
    const reason = asciiText(oneLine(rule.reason).replaceAll('"', "'"), MAX_COMMENT).slice(0, MAX_COMMENT)
    return [`${value}${timeout}${reason === '' ? '' : ` comment "${reason}"`}`]
  })
}

/** `whole`: it is the whole scope of its rule. */
type Piece = Span & { readonly rule: Rule; readonly ends: number; readonly whole: boolean }

/** `held`: by first address, the wider before what is in it. Networks are nested or apart, never half over each other. */
function pieces(held: readonly Held[]): Piece[] {
  const made: Piece[] = []
  const open: (Held & { from: bigint })[] = []
  const emit = (each: Held & { from: bigint }, last: bigint) => {
    const { rule, range, ends, from } = each
    if (from <= last) made.push({ rule, first: from, last, ends, whole: from === range.first && last === range.last })
  }
  const close = (before: bigint | null) => {
    for (let top = open.at(-1); top !== undefined && (before === null || top.range.last < before); top = open.at(-1)) {
      emit(top, top.range.last)
      open.pop()
    }
  }
  for (const each of held) {
    close(each.range.first)
    const around = open.at(-1)
    if (around !== undefined) {
      if (around.ends >= each.ends) continue
      emit(around, each.range.first - 1n)
      around.from = each.range.last + 1n
    }
    open.push({ ...each, from: each.range.first })
  }
  close(null)
  return made
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function timeoutText(seconds: number): string {
  const parts: string[] = []
  let left = seconds
  for (const [unit, size] of [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    if (left >= size) parts.push(`${Math.floor(left / size)}${unit}`)
    left %= size
  }
  return parts.join('')
}
