/** Whether a session is what a search asks for: the same answer in the store, in its double and in a page's own buffer. */
import type { SessionRecord } from '../events.ts'
import { isAtOrBelow } from '../net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../net/ip.ts'
import { domainOf, namesOf, recipientsOf, sendersOf } from './fields.ts'
import { wider } from './query.ts'
import type { Clue, Search } from './query.ts'
import type { Role } from './speech.ts'

export type Matches = (session: SessionRecord) => boolean

/** Prepared once, called for each session. */
export function searchMatcher(search: Search): Matches {
  const groups = search.groups.map((group) => group.map(clueMatcher))
  return (session) => groups.every((group) => group.some((matches) => matches(session)))
}

/** Whether these sessions are what the search finds a step wider (`wider`), because nothing was found: the store never gives both kinds at once. */
export function isWidened(search: Search, found: readonly SessionRecord[]): boolean {
  return wider(search) !== null && found.length > 0 && !found.some(searchMatcher(search))
}

export function clueMatcher(clue: Clue): Matches {
  switch (clue.kind) {
    case 'network':
      return networkMatcher(clue.network)
    case 'session':
      return (session) => session.id === clue.id
    case 'mailbox':
      return eitherSide(clue.role, (addresses) => addresses.some((each) => each.toLowerCase() === clue.mailbox))
    case 'domain': {
      const { domain, role } = clue
      const mail = eitherSide(role, (addresses) => addresses.some((each) => isAtOrBelow(domainOf(each), domain)))
      return (session) => mail(session) || (role !== 'recipient' && namesOf(session).some((name) => isAtOrBelow(name, domain)))
    }
    case 'word': {
      const { word } = clue
      return (session) =>
        session.id === word || namesOf(session).some((name) => isAtOrBelow(name, word)) || [...sendersOf(session), ...recipientsOf(session)].some((each) => each.toLowerCase() === word)
    }
    case 'part':
      return (session) => [session.id, session.client, ...namesOf(session), ...sendersOf(session), ...recipientsOf(session)].some((each) => each.toLowerCase().includes(clue.part))
  }
}

function networkMatcher(text: string): Matches {
  const network = parseNetwork(text)
  if (network === null) return () => false
  return ({ client }) => {
    const address = parseAddress(client)
    return address !== null && contains(network, address)
  }
}

function eitherSide(role: Role, holds: (addresses: readonly string[]) => boolean): Matches {
  switch (role) {
    case 'sender': return (session) => holds(sendersOf(session))
    case 'recipient': return (session) => holds(recipientsOf(session))
    case 'either': return (session) => holds(sendersOf(session)) || holds(recipientsOf(session))
  }
}
