/**
 * Who is worth a notice (shared/notice/due.ts), out of the journal: the store surveys the refused sessions of the last days, and of the
 * likely clients what the score needs to know more is asked. Asked when the admin looks. Promise: a bounded number of short questions to
 * the store, whatever the number of sessions; what was found out is kept for a moment, so that several consoles ask once.
 */
import type { Proposals } from '../../shared/api/notices.ts'
import { clientKey, parseAddress } from '../../shared/net/ip.ts'
import { senderDomains, worthANotice } from '../../shared/notice/due.ts'
import type { RefusedSender } from '../../shared/notice/due.ts'
import { wasSent } from '../../shared/notice/outbox.ts'
import { recipientsOf } from '../../shared/notice/survey.ts'
import type { RefusedGroup } from '../../shared/notice/survey.ts'
import { readTagged } from '../../shared/notice/tag.ts'
import { isSampleSession } from '../ids.ts'
import { detailOf } from '../console/detail.ts'
import type { RulesPort, StorePort } from '../ports.ts'
import { single } from '../single.ts'
import type { DeskDeps } from './desk.ts'

export interface WorthDeps extends Pick<DeskDeps, 'outbox' | 'settings' | 'clock' | 'resolver'> {
  readonly store: Pick<StorePort, 'sessions' | 'entry' | 'sender' | 'survey'>
  readonly rules: Pick<RulesPort, 'match'>
}

const DAY = 86_400_000
const SPAN_DAYS = 4
const ACCEPTED_DAYS = 90
const ASKED_OF_EACH = 2
/** A survey is good for so many times as long as it took: of a quiet gate for a moment, of a busy one for longer. */
const SURVEY_RATIO = 20
const MOST_SURVEY_MS = 30_000
/** One that took so long is not waited for again: the former one is told meanwhile, up to this age. */
const SLOW_MS = 150
const STALE_MS = 300_000
/** What was asked of a client holds until its next refusal, but not for ever: its mail may be accepted meanwhile. */
const ASKED_MS = 300_000
const MOST_KEPT = 500

interface Survey {
  readonly groups: readonly RefusedGroup[]
  readonly freshUntil: number
  readonly goodUntil: number
}

interface Worth {
  proposals(): Promise<Proposals>
}

/** One memory for each outbox, whoever asks: pages, consoles, the digest. */
const memories = new WeakMap<DeskDeps['outbox'], Worth>()

export function worthWriting(deps: WorthDeps): Promise<Proposals> {
  const worth = memories.get(deps.outbox) ?? createWorth(deps)
  memories.set(deps.outbox, worth)
  return worth.proposals()
}

function createWorth(deps: WorthDeps): Worth {
  /** Monotonic: how old it may get, and up to when it stands in for a newer one. */
  let survey: Survey | null = null
  const asked = new Map<string, { readonly at: number; readonly sender: Promise<RefusedSender> }>()

  const looking = single(async (): Promise<Survey> => {
    const begun = deps.clock.monotonic()
    const now = deps.clock.now()
    // A clock that was ahead for a while has left sessions of tomorrow.
    const { likely } = await deps.store.survey({ from: now - SPAN_DAYS * DAY, until: now + DAY, refusedOnly: true })
    const ended = deps.clock.monotonic()
    const took = ended - begun
    survey = { groups: likely, freshUntil: ended + Math.min(SURVEY_RATIO * took, MOST_SURVEY_MS), goodUntil: took < SLOW_MS ? 0 : ended + STALE_MS }
    return survey
  })
  const groups = async (): Promise<readonly RefusedGroup[]> => {
    const monotonic = deps.clock.monotonic()
    if (survey !== null && monotonic < survey.freshUntil) return survey.groups
    const next = looking.run()
    if (survey === null || monotonic >= survey.goodUntil) return (await next).groups
    // Trouble of the store is told elsewhere, and to who asks when this one is too old.
    next.catch(() => undefined)
    return survey.groups
  }
  const filledOnce = (group: RefusedGroup, now: number): Promise<RefusedSender> => {
    const key = group.last.id
    const known = asked.get(key)
    const monotonic = deps.clock.monotonic()
    if (known !== undefined && monotonic - known.at < ASKED_MS) return known.sender.then((sender) => ({ ...sender, attempts: group.sender.attempts, neighbours: group.sender.neighbours }))
    const sender = filled(deps, group, now)
    asked.delete(key)
    asked.set(key, { at: monotonic, sender })
    for (const oldest of asked.keys()) {
      if (asked.size <= MOST_KEPT) break
      asked.delete(oldest)
    }
    sender.catch(() => asked.delete(key))
    return sender
  }

  return {
    async proposals() {
      const now = deps.clock.now()
      // Rules and notices are looked at anew each time: who was just written to is proposed no more.
      const open = (await groups()).filter((group) => isOpen(deps, group))
      const senders: RefusedSender[] = []
      for (const group of open) senders.push(await filledOnce(group, now))
      const { due, sunk, stuck } = worthANotice(senders, now)
      const lasts = new Map(open.map(({ last, sender }) => [sender.client, last]))
      const about = (client: string) => {
        const last = lasts.get(client)
        return { session: last?.id ?? '', ehlo: last?.ehlo ?? null, sender: last?.sender ?? null, lastAt: last === undefined ? now : Date.parse(last.at) }
      }
      return { due: due.map((each) => ({ ...each, ...about(each.client) })), sunk: sunk.map((each) => ({ ...each, ...about(each.client) })), stuck: stuck.map((each) => ({ ...each, ...about(each.client) })) }
    },
  }
}

/** Neither whitelisted, nor banned by hand, nor written to already; and no mail to or from a notice's own address. */
function isOpen({ rules, outbox, settings }: WorthDeps, { last, sender }: RefusedGroup): boolean {
  const address = parseAddress(sender.client)
  if (address === null) return false
  // What practice mode has left is for practising.
  if (isSampleSession(last.id) && !settings().practice) return false
  const { allow, ban } = rules.match(address)
  if (allow !== null || ban?.by === 'admin') return false
  if ([last.sender ?? '', ...last.recipients].some((each) => readTagged(each) !== null)) return false
  const scope = clientKey(sender.client)
  // An IPv6 sender may come from another address of its /64 each time.
  const isSame = (client: string) => client === sender.client || (address.family === 6 && clientKey(client) === scope)
  return !outbox.list().some((notice) => isSame(notice.client) && notice.template !== 'customer' && (wasSent(notice) || notice.state === 'queued' || notice.state === 'sending') && notice.state !== 'fixed')
}

async function filled(deps: WorthDeps, { last, sender }: RefusedGroup, now: number): Promise<RefusedSender> {
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
  return { ...sender, leadsTo, repairSteps: detail?.remedies[0]?.steps.length ?? null, existingRecipients: existing, acceptedBefore: { client: acceptedDay === undefined ? null : acceptedDay * DAY, domains } }
}
