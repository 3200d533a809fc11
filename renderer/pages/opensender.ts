/** The Senders page with one address looked up. */
import { routeHash } from '../model/route.ts'
import { NO_FILTER } from '../model/filter.ts'

export function openSender(client: string): void {
  location.hash = `${routeHash({ page: 'senders', filter: NO_FILTER, session: null, tab: 'ban' })}?q=${encodeURIComponent(client)}`
}
