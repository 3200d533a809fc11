/**
 * Follows up on notices (POLICY, Notices): looks at the sender's DNS again 1 h and 4 h after a notice, then daily for 30 days; who passes is
 * released, and the admin told. Also notes bounces and answers that came in through the gate to a notice's own addresses.
 */
import type { Outcome } from '../../shared/api.ts'
import type { Recheck } from '../../shared/api/recheck.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { isFollowed } from '../../shared/notice/outbox.ts'
import type { Notice, OutboxEvent } from '../../shared/notice/outbox.ts'
import { readTagged } from '../../shared/notice/tag.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import type { AlarmsPort, Clock } from '../ports.ts'
import { single } from '../single.ts'
import type { Outbox } from './outbox.ts'
import { answerLines, changedAnswers } from './write.ts'

const LOOK_MS = 30_000
/** How long the good news stands among the alarms. */
const NEWS_MS = 86_400_000

export interface Watch {
  /** Looks at what is due now; settles when that is done. Never rejects. */
  run(): Promise<void>
  /** Somebody else looked (Check again), and released who passed. */
  looked(result: Recheck): Promise<void>
  /** A session is over. */
  finished(session: SessionRecord): void
  /** Where mail to one of a notice's own addresses goes; null for any other address. */
  mailbox(address: string): string | null
  close(): Promise<void>
}

export interface WatchDeps {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly alarms: AlarmsPort
  /** Fresh, and releases who passes (console/recheck.ts). */
  readonly recheck: (session: Pick<SessionRecord, 'id' | 'client' | 'ehlo' | 'findings' | 'sender'>) => Promise<Outcome<{ readonly result: Recheck }>>
  readonly onError: (error: unknown) => void
}

export function createWatch(deps: WatchDeps): Watch {
  const { outbox, clock, alarms } = deps
  let closed = false
  let again = false
  let newsAt: number | null = null
  /** Clients whose mail just passed: worth a look before its time. */
  const eager = new Set<string>()

  const note = (id: string, event: OutboxEvent) => outbox.apply(id, event).catch(deps.onError)
  const due = () => outbox.list().filter((notice) => isFollowed(notice) && ((notice.nextCheckAt ?? Infinity) <= clock.now() || eager.has(notice.client)))
  const runAll = async () => {
    // One pass for each call: a store that keeps nothing must not be asked in a circle.
    do {
      again = false
      const notices = due()
      eager.clear()
      for (const notice of notices) if (!closed) await check(notice)
    } while (again && !closed)
  }
  const check = async (notice: Notice) => {
    const { session: id, client, ehlo, refusedFor } = notice
    const outcome = await deps.recheck({ id, client, ehlo, findings: refusedFor, sender: null })
    if (outcome.ok) await record(notice, outcome.result)
    else await note(notice.id, { kind: 'checked', outcome: 'temporary', text: `It could not be looked at: ${outcome.problem}` })
  }
  const record = async (notice: Notice, result: Recheck) => {
    await note(notice.id, checkEvent(notice, result))
    if (result.verdict !== 'accept') return
    const released = releaseText(result)
    if (released !== null) await note(notice.id, { kind: 'released', text: released })
    newsAt = clock.now()
    alarms.raise('notice-fixed', 'warning', `Good news: the DNS of ${notice.client} is in order now, and its mail passes: ${notice.to} was told on ${new Date(notice.sentAt ?? notice.createdAt).toISOString().slice(0, 10)}.${released === null ? '' : ` ${released}`}`)
  }
  /** A draft's tag is known to nobody; a tag under another domain is none of ours. */
  const mailbox = (address: string): string | null => {
    const tagged = readTagged(address)
    const notice = tagged === null ? null : outbox.get(tagged.tag)
    if (tagged === null || notice === null || notice.state === 'draft') return null
    return notice.from.slice(notice.from.lastIndexOf('@') + 1).toLowerCase() === tagged.domain ? notice.from : null
  }
  const round = single(() => runAll().catch(deps.onError))
  const run = (): Promise<void> => {
    if (newsAt !== null && clock.now() - newsAt >= NEWS_MS) {
      newsAt = null
      alarms.clear('notice-fixed')
    }
    again = true
    return round.run()
  }
  const timer = setInterval(() => void run(), LOOK_MS)
  timer.unref()

  return {
    run,
    async looked(result) {
      if (result.release.kind !== 'released') return
      for (const notice of outbox.list()) if (isFollowed(notice) && notice.client === result.client && sameName(notice, result)) await record(notice, result)
    },
    finished(session) {
      for (const { id, sender } of taggedIn(session, mailbox)) {
        const who = `${session.client}${session.verifiedName === null ? '' : ` (${asciiText(session.verifiedName, 120)})`}`
        void note(id, sender === '' ? { kind: 'bounce', text: `A bounce, or an automatic reply, came from ${who}; it is in your mailbox (session ${session.id}).` } : { kind: 'answer', text: `${asciiText(sender, 200)} answered by way of ${who}; it is in your mailbox (session ${session.id}).` })
      }
      if (session.verdict !== 'accept' || !outbox.list().some((notice) => isFollowed(notice) && notice.client === session.client)) return
      eager.add(session.client)
      void run()
    },
    mailbox,
    async close() {
      closed = true
      clearInterval(timer)
      await round.idle()
    },
  }
}

/** Those whose message the mail server took (a mere RCPT proves nothing: others probe whether an address exists). */
function taggedIn({ transactions }: SessionRecord, mailbox: Watch['mailbox']): { readonly id: string; readonly sender: string }[] {
  return transactions.filter(({ reply }) => reply?.startsWith('2') === true).flatMap(({ sender, recipients }) =>
    recipients.filter(({ reply }) => reply.startsWith('2')).flatMap(({ address }) => {
      const tagged = readTagged(address)
      return tagged === null || mailbox(address) === null ? [] : [{ id: tagged.tag, sender }]
    }))
}

function sameName({ ehlo }: Notice, result: Recheck): boolean {
  return (ehlo ?? '').toLowerCase() === (result.ehlo ?? '').toLowerCase()
}

function checkEvent(notice: Notice, result: Recheck): OutboxEvent {
  const changed = changedAnswers(notice.thenAnswers, answerLines(result.evidence)).slice(0, 6)
  switch (result.verdict) {
    case 'accept': return { kind: 'checked', outcome: 'fixed', text: `Fixed, its mail passes. ${changed.length === 0 ? 'DNS answers as it did; the rules have changed.' : `${changed.join('; ')}.`}` }
    case 'reject': return { kind: 'checked', outcome: 'same', text: changed.length === 0 ? 'Looked again: nothing has changed.' : `Looked again: it has changed, but is not yet in order. ${changed.join('; ')}.` }
    case 'tempfail': return { kind: 'checked', outcome: 'temporary', text: 'Looked again: DNS did not answer.' }
  }
}

function releaseText({ release }: Recheck): string | null {
  switch (release.kind) {
    case 'only-looked':
    case 'not-yet': return null
    case 'failed': return `But its ban could not be lifted: ${release.problem}.`
    case 'released': {
      const lifted = release.lifted === null ? '' : `Its automatic ban (${release.lifted.scope}) was lifted.`
      const stays = release.stays === null ? '' : `The ban of ${release.stays.scope} stays: it is ${release.stays.by === 'admin' ? 'yours' : 'wider than this sender'}.`
      const text = [lifted, stays].filter((part) => part !== '').join(' ')
      return text === '' ? null : text
    }
  }
}
