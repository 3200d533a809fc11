/**
 * What the help page may show of one refusal or ban, and nothing else of the journal: only sessions whose client was really
 * told of it, without senders, recipients and the admin's own words.
 */
import { zonedTime } from '../../shared/calendar.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import { hasPage, refusalReply } from '../../shared/notice/heard.ts'
import type { BanNote, BanView, HelpRecheck, HelpShop, RefusalView } from '../../shared/notice/helppage.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { localOffset } from '../clock.ts'
import { detailOf } from '../console/detail.ts'
import type { ExplainDeps } from '../console/explain.ts'
import type { EffectiveSettings, RulesPort, StorePort } from '../ports.ts'

export function shopOf(settings: EffectiveSettings): HelpShop {
  const { name, phone, rate, url } = settings.shop
  return { name: name ?? null, phone: phone ?? null, rate: rate ?? null, url: url ?? null, hostname: settings.hostname, rules: settings.policy.rules }
}

/** In the gate's own time zone, which is named. */
export function inWords(ms: number): string {
  return zonedTime(ms, localOffset)
}

export interface ViewDeps extends ExplainDeps {
  readonly store: Pick<StorePort, 'entry' | 'sessions'>
  readonly rules: Pick<RulesPort, 'match' | 'list'>
}

export async function refusalView(deps: ViewDeps, entry: JournalEntry, settings: EffectiveSettings, recheck: HelpRecheck | null, waitSeconds: number): Promise<RefusalView> {
  const { session } = entry
  const detail = await detailOf(deps, entry, settings)
  const reply = refusalReply(session)
  const address = parseAddress(session.client)
  const ban = address === null ? null : deps.rules.match(address).ban
  return {
    id: session.id,
    client: session.client,
    ehlo: session.ehlo,
    when: inWords(Date.parse(session.at)),
    kind: reply?.startsWith('5') === true ? 'refused' : 'deferred',
    sentence: detail.sentence,
    findings: session.refusedFor,
    reply,
    answers: entry.evidence,
    remedies: detail.remedies,
    ban: ban === null ? null : noteOf(ban),
    recheck,
    waitSeconds,
  }
}

function noteOf(ban: Rule): BanNote {
  return { scope: ban.scope, until: ban.until === null ? null : inWords(Date.parse(ban.until)), automatic: ban.by === 'auto' }
}

const LAST = 20

/** Null: nobody is banned there (any more). */
export async function banView(deps: ViewDeps, scope: string): Promise<BanView | null> {
  const ban = deps.rules.list().find((rule) => rule.kind === 'ban' && rule.scope === scope)
  if (ban === undefined) return null
  const refused = (await deps.store.sessions({ client: scope, limit: LAST })).find(hasPage)
  // The admin's own words are the admin's; an automatic ban's reason is ours.
  return { ...noteOf(ban), since: inWords(Date.parse(ban.since)), reason: ban.by === 'auto' ? ban.reason : null, refusal: refused?.id ?? null }
}
