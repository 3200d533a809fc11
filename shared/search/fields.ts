/** What of a session a search looks at: the names a client claims and has, and both sides of its mail, over all transactions. */
import type { SessionRecord } from '../events.ts'
import { canonicalName } from '../net/domain.ts'

type Mailed = Pick<SessionRecord, 'sender' | 'recipients' | 'transactions'>

/** EHLO name, PTR names and the verified name, canonical. */
export function namesOf(session: Pick<SessionRecord, 'ehlo' | 'ptrNames' | 'verifiedName'>): string[] {
  const names = [...session.ptrNames]
  if (session.ehlo !== null) names.push(session.ehlo)
  if (session.verifiedName !== null) names.push(session.verifiedName)
  return names.map(canonicalName)
}

/** Reverse-paths as they were said; '' is the null one. */
export function sendersOf(session: Mailed): readonly string[] {
  const senders = session.transactions.map((each) => each.sender)
  return session.sender === null ? senders : [...senders, session.sender]
}

export function recipientsOf(session: Mailed): readonly string[] {
  return [...session.recipients, ...session.transactions.flatMap((each) => each.recipients.map((recipient) => recipient.address))]
}

/** The domain of a mail address, canonical; '' if it has none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? '' : canonicalName(address.slice(at + 1))
}
