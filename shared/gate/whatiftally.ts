/**
 * What if, over many sessions: how many sessions and senders each rule set would have let pass, deferred and refused, and who
 * they are, correspondents first. Takes sessions newest first, one at a time; its memory is bounded whatever their number.
 */
import type { Finding, JournalEntry, SessionRecord, VerdictKind } from '../events.ts'
import { isGoodMail } from './ban.ts'
import { SenderTable } from './sendertable.ts'
import { RULE_SETS, rejudge, senderOf } from './whatif.ts'
import type { Rejudged, SenderId, WhatIfTerms } from './whatif.ts'
import type { RuleSet } from './verdict.ts'

export interface Tally {
  readonly sessions: number
  readonly senders: number
}

export type BySide = Readonly<Record<VerdictKind, number>>
export type BySet<T> = Readonly<Record<RuleSet, T>>

/**
 * One sender that some rule set would have refused or deferred, or that changes sides under some. What is told of one session (address,
 * names, mail, last) is of the newest one that the list is about: one that changes sides, or one that is refused.
 */
export interface WhatIfSender {
  readonly client: string
  /** What a whitelist entry would name: the verified name, or the names below its domain if there were several; else the address. */
  readonly allow: string
  readonly name: string | null
  readonly verified: boolean
  readonly ehlo: string | null
  readonly sender: string | null
  readonly recipient: string | null
  /** Of all its sessions that the list is about, the newest one's first. */
  readonly findings: readonly Finding[]
  readonly lastAt: string
  readonly lastId: string
  /** Sessions that the rules decide about, back from the latest that some rules do not let pass. */
  readonly sessions: number
  readonly then: BySide
  readonly under: BySet<BySide>
  /** Sessions that change sides under a rule set, by the side they change to. */
  readonly changed: BySet<BySide>
  /** Its mail was accepted by the rules (or the whitelist), in the span or the time before it that was looked at. */
  readonly accepted: boolean
  /** Sessions of which the mail server took a message, and on how many days. */
  readonly delivered: number
  readonly deliveredDays: number
}

export interface WhatIfCounts {
  /** Sessions looked at, and how many of them the rules decide about. */
  readonly sessions: number
  readonly judged: number
  readonly senders: number
  readonly then: Readonly<Record<VerdictKind, Tally>>
  readonly sets: BySet<Readonly<Record<VerdictKind, Tally>>>
  /** Of the senders with a refused session: those whose mail was accepted. */
  readonly correspondents: BySet<number>
  /** Senders with a session that changes sides. */
  readonly changing: BySet<number>
  /** Begin of the oldest and the newest session looked at; null if there is none. */
  readonly oldest: string | null
  readonly newest: string | null
  /** False: there were more senders than can be counted; the figures of senders are "at least". */
  readonly exact: boolean
}

type Counter = Record<VerdictKind, number>

/** Of one session what is shown: whole ones would be much more than what is bounded. One object, whatever lists it stands for. */
type Glimpse = Pick<SessionRecord, 'id' | 'at' | 'client' | 'ehlo' | 'verifiedName' | 'sender'> & { readonly recipient: string | null }

/** The sessions of a sender that one list is about: the newest, and the findings of all. */
interface Shown {
  readonly newest: Glimpse
  findings: readonly Finding[]
}

interface Kept {
  readonly id: SenderId
  readonly verifiedName: string | null
  /** Sessions that some rule set refuses. */
  refused: Shown | null
  /** Sessions that change sides under a rule set. */
  readonly moved: Record<RuleSet, Shown | null>
  severalNames: boolean
  sessions: number
  readonly then: Counter
  readonly under: Record<RuleSet, Counter>
  readonly changed: Record<RuleSet, Counter>
  delivered: number
  /** Days since 1970, of the last delivery counted; sessions come newest first. */
  lastDay: number
  deliveredDays: number
}

const SIDES: readonly VerdictKind[] = ['accept', 'reject', 'tempfail']
const zero = (): Counter => ({ accept: 0, reject: 0, tempfail: 0 })
const perSet = <T>(make: (rules: RuleSet) => T): Record<RuleSet, T> => ({ house: make('house'), standard: make('standard'), lenient: make('lenient') })

/** Marks of the table: three sides for each of "then" and the rule sets (12 bits), who changes (3 bits), and accepted mail. */
const sideMark = (column: number, side: VerdictKind) => 1 << (column * 3 + SIDES.indexOf(side))
const changeMark = (column: number) => 1 << (11 + column)
const ACCEPTED = 1 << 15
const ANY_SIDE = 0x0fff

/** Senders remembered in full; beyond it, half of them goes, those with least mail first. */
const MOST_KEPT = 20_000

export class WhatIfTally {
  readonly #terms: WhatIfTerms
  readonly #mostKept: number
  readonly #table: SenderTable
  readonly #kept = new Map<string, Kept>()
  readonly #then = zero()
  readonly #sets = perSet(zero)
  #sessions = 0
  #judged = 0
  #oldest: string | null = null
  #newest: string | null = null

  constructor(terms: WhatIfTerms, bounds: { readonly kept?: number; readonly slots?: number } = {}) {
    this.#terms = terms
    this.#mostKept = bounds.kept ?? MOST_KEPT
    this.#table = new SenderTable(bounds.slots)
  }

  /** Newest first. */
  add(session: SessionRecord, evidence: () => JournalEntry['evidence']): void {
    this.#sessions++
    if (this.#oldest === null || session.at < this.#oldest) this.#oldest = session.at
    if (this.#newest === null || session.at > this.#newest) this.#newest = session.at
    this.addEarlier(session)
    const judged = rejudge(session, evidence, this.#terms)
    if (judged === null) return
    const id = senderOf(session)
    this.#judged++
    this.#then[judged.then]++
    for (const rules of RULE_SETS) this.#sets[rules][judged.under[rules]]++
    this.#table.mark(id.key, marksOf(judged))
    this.#keep(session, id, judged)
  }

  /** A session before the span in question: it only tells whose mail was accepted. */
  addEarlier(session: SessionRecord): void {
    if (!isGoodMail(session)) return
    const { key, addressKey } = senderOf(session)
    this.#table.mark(`+${key}`, ACCEPTED)
    if (addressKey !== key) this.#table.mark(`+${addressKey}`, ACCEPTED)
  }

  counts(): WhatIfCounts {
    const column = (of: Counter, index: number): Record<VerdictKind, Tally> => {
      const side = (name: VerdictKind): Tally => ({ sessions: of[name], senders: this.#table.count(sideMark(index, name)) })
      return { accept: side('accept'), reject: side('reject'), tempfail: side('tempfail') }
    }
    const kept = [...this.#kept.values()]
    return {
      sessions: this.#sessions,
      judged: this.#judged,
      senders: this.#table.count(ANY_SIDE),
      then: column(this.#then, 0),
      sets: perSet((rules) => column(this.#sets[rules], RULE_SETS.indexOf(rules) + 1)),
      correspondents: perSet((rules) => kept.filter((each) => each.under[rules].reject > 0 && this.#isAccepted(each)).length),
      changing: perSet((rules) => this.#table.count(changeMark(RULE_SETS.indexOf(rules) + 1))),
      oldest: this.#oldest,
      newest: this.#newest,
      exact: !this.#table.overflowed(),
    }
  }

  /** Senders with a session that these rules would have refused, correspondents first. */
  refused(rules: RuleSet, limit: number): WhatIfSender[] {
    return this.#listed((each) => (each.under[rules].reject > 0 ? each.refused : null), limit)
  }

  /** Senders with a session that changes sides under these rules, correspondents first. */
  changing(rules: RuleSet, limit: number): WhatIfSender[] {
    return this.#listed((each) => each.moved[rules], limit)
  }

  /** `of`: what is shown of a sender; null: it does not belong. */
  #listed(of: (each: Kept) => Shown | null, limit: number): WhatIfSender[] {
    const told = [...this.#kept.values()].flatMap((each) => {
      const shown = of(each)
      return shown === null ? [] : [this.#told(each, shown)]
    })
    return told.sort(byWeight).slice(0, limit)
  }

  /** A sender that passes under all rules, then and now, is only counted, until it does not. */
  #keep(session: SessionRecord, id: SenderId, judged: Rejudged): void {
    const known = this.#kept.get(id.key)
    if (known === undefined && SIDES.every((side) => side === 'accept' || (judged.then !== side && RULE_SETS.every((rules) => judged.under[rules] !== side)))) return
    const kept = known ?? this.#begin(session, id)
    kept.sessions++
    kept.severalNames ||= session.verifiedName !== kept.verifiedName
    kept.then[judged.then]++
    for (const rules of RULE_SETS) {
      kept.under[rules][judged.under[rules]]++
      if (judged.under[rules] !== judged.then) kept.changed[rules][judged.under[rules]]++
    }
    noteShown(kept, session, judged)
    if (!isDelivered(session)) return
    kept.delivered++
    const day = Math.floor(Date.parse(session.at) / 86_400_000)
    if (day !== kept.lastDay) kept.deliveredDays++
    kept.lastDay = day
  }

  #begin(session: SessionRecord, id: SenderId): Kept {
    if (this.#kept.size >= this.#mostKept) this.#forgetHalf()
    const kept: Kept = { id, verifiedName: session.verifiedName, refused: null, moved: perSet(() => null), severalNames: false, sessions: 0, then: zero(), under: perSet(zero), changed: perSet(zero), delivered: 0, lastDay: -1, deliveredDays: 0 }
    this.#kept.set(id.key, kept)
    return kept
  }

  #forgetHalf(): void {
    const weight = (each: Kept) => (this.#isAccepted(each) ? 1e12 : 0) + each.deliveredDays * 1e9 + each.delivered * 1e4 + each.sessions
    const ranked = [...this.#kept.entries()].map(([key, each]) => ({ key, weight: weight(each) })).sort((a, b) => a.weight - b.weight)
    for (const { key } of ranked.slice(0, Math.ceil(ranked.length / 2))) this.#kept.delete(key)
  }

  #isAccepted({ id }: Kept): boolean {
    return this.#table.marksOf(`+${id.key}`) !== 0 || this.#table.marksOf(`+${id.addressKey}`) !== 0
  }

  #told(each: Kept, { newest, findings }: Shown): WhatIfSender {
    const { id } = each
    const name = newest.verifiedName
    return {
      client: newest.client,
      allow: name === null ? newest.client : each.severalNames && id.domain !== null ? `.${id.domain}` : name,
      name: name ?? id.domain, verified: id.verified, ehlo: newest.ehlo,
      sender: newest.sender, recipient: newest.recipient, findings, lastAt: newest.at, lastId: newest.id,
      sessions: each.sessions, then: each.then, under: each.under, changed: each.changed,
      accepted: this.#isAccepted(each), delivered: each.delivered, deliveredDays: each.deliveredDays,
    }
  }
}

/** Sessions come newest first: the first of each list is its newest. */
function noteShown(kept: Kept, session: SessionRecord, { then, under }: Rejudged): void {
  let glimpse: Glimpse | null = null
  const noted = (shown: Shown | null): Shown => {
    if (shown === null) return { newest: (glimpse ??= glimpseOf(session)), findings: session.findings }
    const more = session.findings.filter((finding) => !shown.findings.includes(finding))
    if (more.length > 0) shown.findings = [...shown.findings, ...more]
    return shown
  }
  if (RULE_SETS.some((rules) => under[rules] === 'reject')) kept.refused = noted(kept.refused)
  for (const rules of RULE_SETS) if (under[rules] !== then) kept.moved[rules] = noted(kept.moved[rules])
}

function glimpseOf({ id, at, client, ehlo, verifiedName, sender, recipients }: SessionRecord): Glimpse {
  return { id, at, client, ehlo, verifiedName, sender, recipient: recipients[0] ?? null }
}

/** Accepted mail first, then mail that was delivered on the most days, then the most of it. */
export function byWeight(a: WhatIfSender, b: WhatIfSender): number {
  return Number(b.accepted) - Number(a.accepted) || b.deliveredDays - a.deliveredDays || b.delivered - a.delivered || b.sessions - a.sessions || (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0)
}

function marksOf({ then, under }: Rejudged): number {
  let marks = sideMark(0, then)
  for (const [index, rules] of RULE_SETS.entries()) {
    marks |= sideMark(index + 1, under[rules])
    if (under[rules] !== then) marks |= changeMark(index + 1)
  }
  return marks
}

function isDelivered({ transactions }: SessionRecord): boolean {
  return transactions.some(({ reply }) => reply?.startsWith('250') === true)
}
