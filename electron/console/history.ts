/** The history of one sender, and where the names of some sessions led: queries of the Live page over what the store and the rules hold. */
import type { Attempt, Leads, SenderHistory } from '../../shared/api/live.ts'
import { ehloMatch } from '../../shared/dns/ehloside.ts'
import { answerTo } from '../../shared/dns/evidence.ts'
import { addressTypes } from '../../shared/dns/plan.ts'
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import { evidenceOf } from '../../shared/notice/sentence.ts'
import type { ConsoleDeps } from './deps.ts'

const ATTEMPTS = 200
/** A strike is counted when the first refusal is said, a moment after the session's last lookup at most. */
const STRIKE_SLACK_MS = 1000

/** `names`: verified names the client is known by, for the whitelist. Null: not an address. */
export async function senderHistory(deps: Pick<ConsoleDeps, 'store' | 'rules' | 'strikes' | 'settings'>, client: string, names: readonly string[]): Promise<SenderHistory | null> {
  const address = parseAddress(client)
  if (address === null) return null
  const scope = clientScope(address).text
  const sessions = await deps.store.sessions({ client: scope, limit: ATTEMPTS + 1 })
  const { ban, allow } = deps.rules.match(address)
  const known = deps.strikes.of(address)
  const { strikes, windowMinutes } = deps.settings.current().bans
  return {
    scope,
    attempts: sessions.slice(0, ATTEMPTS).map((session) => attemptOf(session, known.strikes)),
    more: sessions.length > ATTEMPTS,
    ban,
    allow: allow ?? (names.length > 0 && deps.rules.hasNames() ? deps.rules.matchName(names) : null),
    strikes: known.strikes.map((at) => new Date(at).toISOString()),
    needed: strikes,
    windowMinutes,
    bansBefore: known.step,
    suggestedAt: known.suggestedAt === null ? null : new Date(known.suggestedAt).toISOString(),
  }
}

function attemptOf(session: SessionRecord, strikes: readonly number[]): Attempt {
  const { id, at, ehlo, disposition, refusedFor, sender } = session
  const from = Date.parse(at)
  const index = refusedFor.length === 0 ? -1 : strikes.findIndex((strike) => strike >= from && strike <= from + session.ms + STRIKE_SLACK_MS)
  return { id, at, ehlo, disposition, refusedFor, sender, strike: index < 0 ? null : index + 1 }
}

/** Of those that are in the journal. */
export async function leadsOf(deps: Pick<ConsoleDeps, 'store'>, ids: readonly string[]): Promise<readonly Leads[]> {
  const entries = await Promise.all([...new Set(ids)].map((id) => deps.store.entry(id)))
  return entries.flatMap((entry) => (entry === null ? [] : [leadOf(entry)]))
}

function leadOf({ session, evidence }: JournalEntry): Leads {
  const known = evidenceOf(session, evidence)
  const match = ehloMatch(known)
  const client = parseAddress(session.client)
  const [name] = session.ptrNames
  const reverse = client === null || name === undefined ? undefined : answerTo(known, { name, type: addressTypes(client).own })
  return { id: session.id, ehlo: match.state === 'elsewhere' ? match.addresses : [], reverse: reverse?.records ?? [] }
}
