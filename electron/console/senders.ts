/** The Senders page's questions: rows of the store with how they stand by the rules in force, and one sender in full. */
import type { SenderDetail, SenderList, SenderState, SenderSummary } from '../../shared/api/senders.ts'
import type { SessionDetail } from '../../shared/api.ts'
import type { Finding, JournalEntry, SessionRecord } from '../../shared/events.ts'
import { isServed } from '../../shared/gate/disposition.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { parseSearch } from '../../shared/search/query.ts'
import type { Search } from '../../shared/search/query.ts'
import { retryOf } from '../../shared/search/retry.ts'
import { standingOf } from '../../shared/search/sender.ts'
import type { Sender } from '../../shared/search/sender.ts'
import { understood } from '../../shared/search/sentence.ts'
import type { SenderQuery, SenderSort, SessionFilter } from '../ports.ts'
import { marksOf } from './history.ts'
import type { NoticeBook } from './noticebook.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'clock' | 'store' | 'rules' | 'settings' | 'desk'> & {
  readonly notices: Pick<NoticeBook, 'standing' | 'clients'>
  readonly strikes: Pick<ConsoleDeps['strikes'], 'of'>
  /** What was wrong with a session, and what repairs it. */
  readonly detail: (entry: JournalEntry) => Promise<Pick<SessionDetail, 'sentence' | 'remedies'>>
}

interface ListInput {
  readonly text?: string
  readonly sort: SenderSort
  readonly state?: SenderState
  readonly finding?: Finding
  readonly days?: number
  readonly after?: string
  readonly limit: number
}

const DAY_MS = 86_400_000
const SESSIONS = 40
/** Who is banned, whitelisted or written about is not known to the store: so many senders are looked through for a page of them. */
const LOOKED_AT_ONCE = 1000
const LOOKED_AT = 20_000

export async function listSenders(deps: Deps, input: ListInput): Promise<SenderList> {
  const now = deps.clock.now()
  const search = searchOf(deps, input.text)
  const query: SenderQuery = {
    sort: input.sort, limit: input.limit,
    ...(input.finding === undefined ? {} : { finding: input.finding }), ...(input.days === undefined ? {} : { since: now - input.days * DAY_MS }),
    ...(search === null ? {} : { search }), ...(input.after === undefined ? {} : { after: input.after }), ...conditionOf(input.state, now),
  }
  const told = search === null ? '' : understood(search)
  const { state } = input
  if (state === 'banned' || state === 'whitelisted') return { ...(await looked(deps, query, (sender) => sender.state === state, now)), understood: told }
  if (state === 'worth' || state === 'notified' || state === 'fixed') {
    if (search !== null) return { ...(await looked(deps, query, (sender) => sender.notice === state, now)), understood: told }
    const found = await bestKnown(deps, state, query, now)
    return { senders: found, next: null, total: found.length, uncounted: 0, understood: told }
  }
  const { senders, next, total, uncounted } = await deps.store.senders(query)
  const page = senders.map((sender) => summaryOf(deps, sender, now))
  // Worth a notice first; of a search, and on later pages, they stand where they fall.
  const first = search === null && input.after === undefined && input.sort === 'refused' ? (await bestKnown(deps, 'worth', query, now)).filter(suits(state)) : []
  const pinned = new Set(first.map(({ key }) => key))
  return { senders: [...first, ...page.filter(({ key }) => !pinned.has(key))], next, total, uncounted, understood: told }
}

/** So many are asked for one by one. */
const MOST_KNOWN = 200

/** Those of a standing that the notices know, with the query's conditions on time and finding. */
async function bestKnown(deps: Deps, notice: 'worth' | 'notified' | 'fixed', { since, finding }: SenderQuery, now: number): Promise<SenderSummary[]> {
  const found = await Promise.all(deps.notices.clients(notice).slice(0, MOST_KNOWN).map((client) => deps.store.sender(client)))
  const unique = new Map(found.flatMap((sender) => (sender === null ? [] : [[sender.key, sender]])))
  return [...unique.values()]
    .filter(({ lastSeen, findings }) => (since === undefined || lastSeen >= since) && (finding === undefined || findings.includes(finding)))
    .map((sender) => summaryOf(deps, sender, now)).filter((sender) => sender.notice === notice)
}

function suits(state: SenderState | undefined): (sender: SenderSummary) => boolean {
  return (sender) => state === undefined || (state === 'new' ? sender.isNew : sender.state === state)
}

function conditionOf(state: SenderState | undefined, now: number): Pick<SenderQuery, 'standing' | 'newSince'> {
  switch (state) {
    case 'refused': case 'deferred': case 'accepted': return { standing: state }
    case 'new': return { newSince: now - DAY_MS }
    case 'banned': case 'whitelisted': case 'worth': case 'notified': case 'fixed': case undefined: return {}
  }
}

async function looked(deps: Deps, query: SenderQuery, wanted: (sender: SenderSummary) => boolean, now: number): Promise<Omit<SenderList, 'understood'>> {
  const found: SenderSummary[] = []
  let after = query.after
  for (let looked = 0; ; looked += LOOKED_AT_ONCE) {
    // One row beyond those wanted is never fetched: the page ends with the chunk in which it is full.
    const page = await deps.store.senders({ ...query, limit: LOOKED_AT_ONCE, ...(after === undefined ? {} : { after }) })
    found.push(...page.senders.map((sender) => summaryOf(deps, sender, now)).filter(wanted))
    if (page.next === null || found.length >= query.limit || looked >= LOOKED_AT) return { senders: found, next: page.next, total: null, uncounted: page.uncounted }
    after = page.next
  }
}

function searchOf(deps: Deps, text: string | undefined): Search | null {
  if (text === undefined || text.trim() === '') return null
  const { allDomains } = deps.settings.current()
  return parseSearch(text, (domain) => isServed(domain, allDomains))
}

function summaryOf(deps: Deps, sender: Sender, now: number): SenderSummary {
  const address = sender.addresses.at(-1) ?? sender.key
  const [network = sender.key] = sender.key.split(' ', 1)
  return {
    key: sender.key, label: sender.addresses.length === 1 ? address : network, address, hosts: sender.addresses.length, domain: sender.domain, verified: sender.verified,
    attempts: sender.attempts, refused: sender.refused, deferred: sender.deferred, accepted: sender.accepted,
    firstSeen: iso(sender.firstSeen), lastSeen: iso(sender.lastSeen), refusedSince: sender.refusedSince === null ? null : iso(sender.refusedSince),
    disposition: sender.disposition, findings: sender.findings, retry: retryOf(sender.times), isNew: now - sender.firstSeen < DAY_MS,
    state: ruleState(deps, address, sender) ?? standingOf(sender), ...deps.notices.standing(sender),
  }
}

/** Whitelist entries by name are known by what they did: names themselves are not kept of a sender. */
function ruleState({ rules }: Pick<Deps, 'rules'>, client: string, sender: Sender): 'banned' | 'whitelisted' | null {
  const address = parseAddress(client)
  const match = address === null ? null : rules.match(address)
  if (match?.allow != null || (sender.disposition === 'whitelisted' && rules.hasNames())) return 'whitelisted'
  return match?.ban == null ? null : 'banned'
}

export async function getSender(deps: Deps, key: string, text: string | undefined): Promise<SenderDetail | null> {
  const sender = await deps.store.sender(key)
  if (sender === null) return null
  const scope = scopeOf(sender)
  const search = searchOf(deps, text)
  const matching = search === null ? [] : await deps.store.sessions({ ...scope, search, limit: SESSIONS })
  const latest = await deps.store.sessions({ ...scope, limit: SESSIONS })
  const summary = summaryOf(deps, sender, deps.clock.now())
  const address = parseAddress(summary.address)
  const names = latest.flatMap((session) => session.verifiedName ?? [])
  const match = address === null ? { ban: null, allow: null } : deps.rules.match(address)
  const conduct = address === null ? { strikes: [], step: 0 } : deps.strikes.of(address)
  return {
    sender: summary,
    days: sender.days,
    sessions: matching.length > 0 ? matching : latest,
    found: matching.length > 0,
    explained: await explain(deps, scope, matching.length > 0 ? matching : latest),
    ban: match.ban,
    allow: match.allow ?? (names.length > 0 ? deps.rules.matchName(names) : null),
    strikes: conduct.strikes.length,
    strikesNeeded: deps.settings.current().bans.strikes,
    bansBefore: conduct.step,
    notices: marksOf(deps.desk, sender.addresses),
  }
}

/** Its sessions in the journal: of hosts of a domain those under one of its names. */
function scopeOf(sender: Sender): Omit<SessionFilter, 'limit'> {
  const [network = '', domain] = sender.key.split(' ', 2)
  return domain === undefined ? { client: network } : sender.addresses.length === 1 ? { client: sender.addresses[0] ?? network } : { client: network, name: domain }
}

async function explain(deps: Deps, scope: Omit<SessionFilter, 'limit'>, sessions: readonly SessionRecord[]): Promise<SenderDetail['explained']> {
  const judged = sessions.find(({ verdict }) => verdict === 'reject' || verdict === 'tempfail') ?? (await deps.store.sessions({ ...scope, disposition: 'rejected', limit: 1 }))[0]
  const entry = judged === undefined ? null : await deps.store.entry(judged.id)
  if (entry === null || entry.session.verdict === 'accept') return null
  const { sentence, remedies } = await deps.detail(entry)
  return { id: entry.session.id, at: entry.session.at, sentence, remedies }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
