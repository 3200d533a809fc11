/** The Senders page's questions: rows of the store with how they stand by the rules in force, and one sender in full. */
import { NOTICE_STANDINGS } from '../../shared/api/senders.ts'
import type { NoticeStanding, SenderDetail, SenderList, SenderState, SenderSummary } from '../../shared/api/senders.ts'
import type { SessionDetail } from '../../shared/api.ts'
import type { Finding, JournalEntry, SessionRecord } from '../../shared/events.ts'
import { isServed } from '../../shared/gate/disposition.ts'
import { clientKey, parseAddress } from '../../shared/net/ip.ts'
import { parseSearch, wider } from '../../shared/search/query.ts'
import type { Search } from '../../shared/search/query.ts'
import { retryOf } from '../../shared/search/retry.ts'
import { standingOf } from '../../shared/search/sender.ts'
import type { Sender } from '../../shared/search/sender.ts'
import { understood } from '../../shared/search/sentence.ts'
import type { SenderPage, SenderQuery, SenderSort, SessionFilter } from '../ports.ts'
import type { ConsoleDeps } from './deps.ts'
import type { Noted, NoticeStandings } from './noticestandings.ts'

type Deps = Pick<ConsoleDeps, 'clock' | 'store' | 'rules' | 'settings'> & {
  readonly strikes: Pick<ConsoleDeps['strikes'], 'of'>
  /** What was wrong with a session, and what repairs it. */
  readonly detail: (entry: JournalEntry) => Promise<Pick<SessionDetail, 'sentence' | 'remedies'>>
  readonly standings: NoticeStandings
}

interface ListInput {
  readonly text?: string
  readonly sort: SenderSort
  readonly state?: SenderState | NoticeStanding
  readonly finding?: Finding
  readonly days?: number
  readonly after?: string
  readonly limit: number
}

type Found = Omit<SenderList, 'understood' | 'instead'> & Pick<SenderPage, 'widened'>

const DAY_MS = 86_400_000
const SESSIONS = 40
/** Who is banned or whitelisted is not known to the store: so many senders are looked through for a page of them. */
const LOOKED_AT_ONCE = 1000
const LOOKED_AT = 20_000
const MOST_NOTED = 500

export async function listSenders(deps: Deps, input: ListInput): Promise<SenderList> {
  const now = deps.clock.now()
  const search = searchOf(deps, input.text)
  const query: SenderQuery = {
    sort: input.sort, limit: input.limit,
    ...(input.finding === undefined ? {} : { finding: input.finding }), ...(input.days === undefined ? {} : { since: now - input.days * DAY_MS }),
    ...(search === null ? {} : { search }), ...(input.after === undefined ? {} : { after: input.after }), ...conditionOf(input.state, now),
  }
  const told = (widened: boolean) => {
    const wide = search === null || !widened ? null : wider(search)
    return { understood: search === null ? '' : understood(search), instead: wide === null ? '' : understood(wide) }
  }
  const noted = await deps.standings.all()
  if (isNoticeStanding(input.state)) {
    const { widened, ...list } = await byStanding(deps, query, input.state, noted, now)
    return { ...list, ...told(widened) }
  }
  if (input.state === 'banned' || input.state === 'whitelisted') {
    const { widened, ...list } = await byRule(deps, query, input.state, noted, now)
    return { ...list, ...told(widened) }
  }
  const { senders, next, total, uncounted, widened } = await deps.store.senders(query)
  const page = senders.map((sender) => summaryOf(deps, sender, noted, now))
  const isOpening = input.sort === 'refused' && input.after === undefined && search === null && input.state === undefined && input.finding === undefined && input.days === undefined
  return { senders: isOpening ? await worthFirst(deps, page, noted, now) : page, next, total, uncounted, ...told(widened) }
}

/** Those worth a notice stand above all others; further pages may have them again. */
async function worthFirst(deps: Deps, page: readonly SenderSummary[], noted: ReadonlyMap<string, Noted>, now: number): Promise<readonly SenderSummary[]> {
  const worth = await notedSenders(deps, 'worth', noted, now)
  const keys = new Set(worth.map(({ key }) => key))
  return [...worth, ...page.filter(({ key }) => !keys.has(key))]
}

/** They are few, and known by address: looked up one by one, in the order of the standings. */
async function byStanding(deps: Deps, query: SenderQuery, standing: NoticeStanding, noted: ReadonlyMap<string, Noted>, now: number): Promise<Found> {
  const found = await notedSenders(deps, standing, noted, now)
  const { search } = query
  const sought = search === undefined ? null : await deps.store.senders({ search, sort: query.sort, limit: LOOKED_AT_ONCE })
  const wanted = sought === null ? null : new Set(sought.senders.map(({ key }) => key))
  const senders = found.filter(({ key, findings, lastSeen }) =>
    (query.finding === undefined || findings.includes(query.finding)) && (query.since === undefined || Date.parse(lastSeen) >= query.since) && (wanted === null || wanted.has(key)))
  return { senders, next: null, total: senders.length, uncounted: 0, widened: sought?.widened === true }
}

async function notedSenders(deps: Deps, standing: NoticeStanding, noted: ReadonlyMap<string, Noted>, now: number): Promise<SenderSummary[]> {
  const clients = [...noted.values()].filter((each) => each.standing === standing).slice(0, MOST_NOTED)
  const senders = await Promise.all(clients.map(({ client }) => deps.store.sender(client)))
  const byKey = new Map(senders.flatMap((sender) => (sender === null ? [] : [[sender.key, summaryOf(deps, sender, noted, now)] as const])))
  return [...byKey.values()]
}

function isNoticeStanding(state: SenderState | NoticeStanding | undefined): state is NoticeStanding {
  return NOTICE_STANDINGS.some((known) => known === state)
}

function conditionOf(state: SenderState | NoticeStanding | undefined, now: number): Pick<SenderQuery, 'standing' | 'newSince'> {
  switch (state) {
    case 'refused': case 'deferred': case 'accepted': return { standing: state }
    case 'new': return { newSince: now - DAY_MS }
    case 'banned': case 'whitelisted': case 'worth': case 'notified': case 'fixed': case undefined: return {}
  }
}

async function byRule(deps: Deps, query: SenderQuery, state: 'banned' | 'whitelisted', noted: ReadonlyMap<string, Noted>, now: number): Promise<Found> {
  const found: SenderSummary[] = []
  let after = query.after
  for (let looked = 0; ; looked += LOOKED_AT_ONCE) {
    // One row beyond those wanted is never fetched: the page ends with the chunk in which it is full.
    const page = await deps.store.senders({ ...query, limit: LOOKED_AT_ONCE, ...(after === undefined ? {} : { after }) })
    found.push(...page.senders.map((sender) => summaryOf(deps, sender, noted, now)).filter((sender) => sender.state === state))
    if (page.next === null || found.length >= query.limit || looked >= LOOKED_AT) return { senders: found, next: page.next, total: null, uncounted: page.uncounted, widened: page.widened }
    after = page.next
  }
}

function searchOf(deps: Deps, text: string | undefined): Search | null {
  if (text === undefined || text.trim() === '') return null
  const { allDomains } = deps.settings.current()
  return parseSearch(text, (domain) => isServed(domain, allDomains))
}

function summaryOf(deps: Deps, sender: Sender, noted: ReadonlyMap<string, Noted>, now: number): SenderSummary {
  const note = [...sender.addresses].reverse().flatMap((each) => noted.get(clientKey(each)) ?? [])[0]
  const address = sender.addresses.at(-1) ?? sender.key
  const [network = sender.key] = sender.key.split(' ', 1)
  return {
    key: sender.key, label: sender.addresses.length === 1 ? address : network, address, hosts: sender.addresses.length, domain: sender.domain, verified: sender.verified,
    attempts: sender.attempts, refused: sender.refused, deferred: sender.deferred, accepted: sender.accepted,
    firstSeen: iso(sender.firstSeen), lastSeen: iso(sender.lastSeen), refusedSince: sender.refusedSince === null ? null : iso(sender.refusedSince),
    disposition: sender.disposition, findings: sender.findings, retry: retryOf(sender.times), isNew: now - sender.firstSeen < DAY_MS,
    state: ruleState(deps, address, sender) ?? standingOf(sender), notice: note?.standing ?? null, reasons: note?.reasons ?? [],
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
  const summary = summaryOf(deps, sender, await deps.standings.all(), deps.clock.now())
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
