/** What a client heard of its refusal: whether there was one, and whether its words lead to a page about it. Pure. */
import type { SessionRecord } from '../events.ts'

/** Refused or deferred for its DNS, or would have been (observe mode). One that left before it heard so was not. */
export function wasRefused({ disposition, refusedFor }: Pick<SessionRecord, 'disposition' | 'refusedFor'>): boolean {
  return refusedFor.length > 0 && (wasTold({ disposition }) || disposition === 'would-reject' || disposition === 'would-defer')
}

/** Refused or deferred, and told so. */
export function wasTold({ disposition }: Pick<SessionRecord, 'disposition'>): boolean {
  return disposition === 'rejected' || disposition === 'deferred'
}

/** Whether this session has a page: its DNS was judged and its client heard of it. */
export function hasPage(session: SessionRecord): boolean {
  return (session.verdict === 'reject' || session.verdict === 'tempfail') && refusalReply(session) !== null
}

/** Our own words to the client: the reply with the link to this page, or the one of the deciding transaction. */
export function refusalReply(session: SessionRecord): string | null {
  const link = `/r/${session.id}`
  const replies = [session.reply, ...session.transactions.flatMap(({ recipients }) => recipients.map(({ reply }) => reply))]
  return replies.find((reply) => reply?.includes(link) === true) ?? null
}
