/**
 * Who is worth a notice (shared/notice/due.ts), out of the journal: refused sessions of the last days, grouped by client, and for the likely
 * ones what the score needs to know more. Asked when the admin looks. Promise: a bounded number of short questions to the store.
 */
import type { Proposals } from '../../shared/api/notices.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import { senderDomains, worthANotice } from '../../shared/notice/due.ts'
import type { Attempt, RefusedSender } from '../../shared/notice/due.ts'
import { wasSent } from '../../shared/notice/outbox.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { readTagged } from '../../shared/notice/tag.ts'
import { detailOf } from '../console/detail.ts'
import type { RulesPort, StorePort } from '../ports.ts'
import type { DeskDeps } from './desk.ts'

export interface WorthDeps extends Pick<DeskDeps, 'outbox' | 'settings' | 'clock' | 'resolver'> {
  readonly store: Pick<StorePort, 'sessions' | 'entry' | 'sender'>
  readonly rules: Pick<RulesPort, 'match'>
}

const DAY = 86_400_000
const SPAN_DAYS = 4
const ACCEPTED_DAYS = 90
const MOST_SESSIONS = 5000
/** Of whom more is asked. */
const MOST_LIKELY = 100
const MOST_ATTEMPTS = 100
const ASKED_OF_EACH = 2
const MOST_SUNK = 100

interface Group {
  readonly last: SessionRecord
  readonly sender: RefusedSender
}

export async function worthWriting(deps: WorthDeps): Promise<Proposals> {
  const now = deps.clock.now()
  const written = writtenAbout(deps.outbox)
  const groups = grouped(await refusedSessions(deps, now)).filter((group) => isOpen(deps, group, written))
  // What is not asked yet is taken for the best it could be, so that nobody falls out too early.
  const hopeful = groups.map(({ sender }): RefusedSender => ({ ...sender, leadsTo: [sender.client], repairSteps: 1, existingRecipients: recipientsOf(sender), acceptedBefore: { client: now, domains: Object.fromEntries(senderDomains(sender).map((domain) => [domain, now])) } }))
  const likely = new Set(worthANotice(hopeful, now).due.slice(0, MOST_LIKELY).map(({ client }) => client))
  const known: Group[] = []
  for (const group of groups) known.push(likely.has(group.sender.client) ? await filled(deps, group, now) : group)
  const byClient = new Map(known.map((group) => [group.sender.client, group]))
  const { due, sunk, stuck } = worthANotice(known.map(({ sender }) => sender), now)
  const about = (client: string) => {
    const last = byClient.get(client)?.last
    return { session: last?.id ?? '', ehlo: last?.ehlo ?? null, sender: last?.sender ?? null, lastAt: last === undefined ? now : Date.parse(last.at) }
  }
  return {
    due: due.filter(({ client }) => likely.has(client)).map((each) => ({ ...each, ...about(each.client) })),
    sunk: sunk.slice(0, MOST_SUNK).map((each) => ({ ...each, ...about(each.client) })),
    stuck: stuck.map((each) => ({ ...each, ...about(each.client) })),
  }
}

async function refusedSessions({ store }: WorthDeps, now: number): Promise<readonly SessionRecord[]> {
  const since = new Date(now - SPAN_DAYS * DAY).toISOString()
  const lists = await Promise.all(['rejected', 'would-reject', 'deferred', 'would-defer'].map((disposition) => store.sessions({ disposition, since, limit: MOST_SESSIONS })))
  return lists.flat().filter(({ refusedFor }) => refusedFor.length > 0).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** By IPv4 address or IPv6 /64; `sessions` oldest first. */
function grouped(sessions: readonly SessionRecord[]): Group[] {
  const byScope = new Map<string, SessionRecord[]>()
  for (const session of sessions) {
    const address = parseAddress(session.client)
    if (address === null) continue
    const scope = clientScope(address).text
    const own = byScope.get(scope)
    if (own === undefined) byScope.set(scope, [session])
    else own.push(session)
  }
  return [...byScope.values()].flatMap((own) => {
    const last = own.findLast(({ verdict }) => verdict === 'reject') ?? own.at(-1)
    return last === undefined ? [] : [{ last, sender: senderOf(own, last) }]
  })
}

function senderOf(sessions: readonly SessionRecord[], last: SessionRecord): RefusedSender {
  const attempts = sessions.slice(-MOST_ATTEMPTS).flatMap(({ at, sender, recipients, verdict }): Attempt[] => (sender === null ? [] : [{ at: Date.parse(at), sender, recipients, temporary: verdict === 'tempfail' }]))
  return {
    client: last.client, ehlo: last.ehlo, ptrNames: last.ptrNames, verifiedName: last.verifiedName, refusedFor: last.refusedFor, leadsTo: [], repairSteps: null, attempts,
    acceptedBefore: { client: null, domains: {} }, existingRecipients: null,
  }
}

/** Neither whitelisted, nor banned by hand, nor written to already; and no mail to or from a notice's own address. */
function isOpen({ rules }: WorthDeps, { last, sender }: Group, written: ReadonlySet<string>): boolean {
  const address = parseAddress(sender.client)
  if (address === null) return false
  const { allow, ban } = rules.match(address)
  if (allow !== null || ban?.by === 'admin') return false
  if ([last.sender ?? '', ...last.recipients].some((each) => readTagged(each) !== null)) return false
  return !written.has(scopeOf(sender.client))
}

/** Of whom the other side was told, or is about to be, and it is not repaired yet. */
export function writtenAbout(outbox: WorthDeps['outbox']): ReadonlySet<string> {
  return new Set(outbox.list().flatMap((notice) => (tells(notice) && notice.state !== 'fixed' ? [scopeOf(notice.client)] : [])))
}

/** It went to those who can repair something, or is about to. */
export function tells(notice: Notice): boolean {
  return notice.template !== 'customer' && (wasSent(notice) || notice.state === 'queued' || notice.state === 'sending')
}

/** What a sender is to the notices: an IPv4 address, or an IPv6 /64. */
export function scopeOf(client: string): string {
  const address = parseAddress(client)
  return address === null ? client : clientScope(address).text
}

async function filled(deps: WorthDeps, { last, sender }: Group, now: number): Promise<Group> {
  const since = new Date(now - ACCEPTED_DAYS * DAY).toISOString()
  const [entry, seen] = await Promise.all([deps.store.entry(last.id), deps.store.sender(sender.client)])
  const detail = entry === null || last.verdict !== 'reject' ? null : await detailOf(deps, entry, deps.settings())
  const leadsTo = (entry?.evidence ?? []).flatMap(({ question, records }) => (question.type === 'A' || question.type === 'AAAA' ? records : []))
  const domains: Record<string, number> = {}
  for (const domain of senderDomains(sender).slice(0, ASKED_OF_EACH)) {
    const [accepted] = await deps.store.sessions({ sender: domain, disposition: 'accepted', since, limit: 1 })
    if (accepted !== undefined) domains[domain] = Date.parse(accepted.at)
  }
  const existing: string[] = []
  for (const rcpt of recipientsOf(sender).slice(0, ASKED_OF_EACH)) {
    if ((await deps.store.sessions({ rcpt, disposition: 'accepted', since, limit: 1 })).length > 0) existing.push(rcpt)
  }
  const acceptedDay = seen?.days.findLast(([, , , accepted]) => accepted > 0)?.[0]
  return {
    last,
    sender: { ...sender, leadsTo, repairSteps: detail?.remedies[0]?.steps.length ?? null, existingRecipients: existing, acceptedBefore: { client: acceptedDay === undefined ? null : acceptedDay * DAY, domains } },
  }
}

function recipientsOf({ attempts }: RefusedSender): string[] {
  return [...new Set(attempts.flatMap(({ recipients }) => recipients))]
}
