/** Why a session was refused where it was not for its DNS: told by the reply that decided it, in a few words for a row of a list. */
import type { SessionRecord } from '../events.ts'
import { REPLIES } from '../smtp/codes.ts'
import { replyLine } from '../smtp/reply.ts'

/** What the gate answers of its own accord when it refuses; the long ones go on from "was refused: ". */
const REASONS: readonly (readonly [keyof typeof REPLIES, string, string])[] = [
  ['relay', 'recipient not served here', 'no mail is taken here for that recipient, whose domain is not among the served ones'],
  ['tooBig', 'message too large', 'the message is larger than is taken here'],
  ['dataLine', 'line too long', 'a line of the message is too long'],
  ['earlyTalk', 'spoke before the greeting', 'it spoke before the greeting'],
  ['bareCr', 'bare CR in the message', 'it sent a CR that is no line end'],
  ['bareLf', 'bare LF in the message', 'it sent a LF that is no line end'],
  ['nul', 'NUL in the message', 'it sent a NUL'],
  ['http', 'spoke HTTP', 'it spoke HTTP'],
  ['tooManyConnections', 'all places were taken', 'all places were taken'],
  ['tooManyFromYou', 'too many connections', 'it had too many connections open'],
  ['tooManyMessages', 'too many messages', 'it sent too many messages on one connection'],
  ['tooManyErrors', 'too many errors', 'it made too many errors'],
  ['tooMuchJunk', 'commands without mail', 'it sent too many commands that deliver nothing'],
]

const KNOWN: ReadonlyMap<string, { readonly short: string; readonly long: string }> = new Map(REASONS.map(([name, short, long]) => [replyLine(REPLIES[name]), { short, long }]))

/** Null: it was not refused, or for its DNS, or the record does not tell. */
export function otherReason({ disposition, reply }: Pick<SessionRecord, 'disposition' | 'reply'>): { readonly short: string; readonly long: string } | null {
  return (disposition === 'rejected' || disposition === 'limited') && reply !== null ? KNOWN.get(reply) ?? null : null
}
