/** The notices about one sender, newest first, each a way to the Notices page; nothing where there are none. */
import { useSyncExternalStore } from 'react'
import { contains, clientScope, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { useConsole } from '../console.ts'
import { NO_FILTER } from '../model/filter.ts'
import { tabOf, timeOf } from '../model/noticesview.ts'
import { routeHash } from '../model/route.ts'
import { ItemState } from '../parts/noticetable.tsx'
import { Said } from '../parts/outside.tsx'
import { useNow } from '../parts/usenow.ts'
import { Ago } from '../parts/when.tsx'
import { noticesWords as words } from '../words/notices.ts'

/** `client`: an address, or the network by which its strikes are counted. */
export function NoticesAbout({ client }: { readonly client: string }) {
  const { notices } = useConsole()
  const known = useSyncExternalStore(notices.subscribe, notices.state)
  const now = useNow()
  const address = parseAddress(client)
  const scope = address === null ? parseNetwork(client) : clientScope(address)
  const about = scope === null ? [] : known.notices.filter((notice) => {
    const other = parseAddress(notice.client)
    return other !== null && contains(scope, other)
  })
  if (about.length === 0) return null
  return (
    <ul className="noticesabout" aria-label={words.label}>
      {about.map((notice) => {
        const item = { kind: 'notice', id: notice.id, notice } as const
        return (
          <li key={notice.id}>
            <a className="link" href={routeHash({ page: 'notices', tab: 'ban', session: null, filter: NO_FILTER, notices: { tab: tabOf(notice), q: '', open: notice.id, template: null } })}><Said text={words.history(notice.to)} className="plain" /></a>
            <ItemState item={item} /><span className="dim"><Ago iso={new Date(timeOf(item)).toISOString()} now={now} /></span>
          </li>
        )
      })}
    </ul>
  )
}
