/**
 * How each sender stands with notices, for the Senders page: worth one (as proposed, a minute old at most), written about, or fixed
 * since. By the key of the client's strikes: an IPv4 address or an IPv6 /64.
 */
import type { Proposals } from '../../shared/api/notices.ts'
import type { NoticeStanding } from '../../shared/api/senders.ts'
import { clientKey } from '../../shared/net/ip.ts'
import { isFollowed, wasSent } from '../../shared/notice/outbox.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { Clock } from '../ports.ts'
import { single } from '../single.ts'

export interface Noted {
  readonly standing: NoticeStanding
  readonly client: string
  /** Why it is worth a notice; else empty. */
  readonly reasons: readonly string[]
}

export interface NoticeStandings {
  /** Those worth a notice first, best first; then the latest notices. Never rejects, and waits for new proposals only a moment: else the last ones stand. */
  all(): Promise<ReadonlyMap<string, Noted>>
}

const FRESH_MS = 60_000
const WAIT_MS = 300
const NONE: Proposals = { due: [], sunk: [], stuck: [] }

export function createNoticeStandings(deps: { readonly clock: Clock; readonly notices: () => Iterable<Notice>; readonly proposals: () => Promise<Proposals> }): NoticeStandings {
  let known: { readonly at: number; readonly proposals: Proposals } | null = null
  const asking = single(async () => {
    try {
      const proposals = await deps.proposals()
      known = { at: deps.clock.monotonic(), proposals }
    } catch {
      // The store tells its own trouble; the next question asks again.
    }
    return known?.proposals ?? NONE
  })
  const proposals = async () => {
    if (known !== null && deps.clock.monotonic() - known.at <= FRESH_MS) return known.proposals
    let timer: NodeJS.Timeout | undefined
    const moment = new Promise<Proposals>((resolve) => (timer = setTimeout(() => resolve(known?.proposals ?? NONE), WAIT_MS)))
    const found = await Promise.race([asking.run(), moment])
    clearTimeout(timer)
    return found
  }
  return {
    async all() {
      const { due } = await proposals()
      const about = [...deps.notices()].filter((notice) => notice.template !== 'customer' && wasSent(notice)).sort((a, b) => b.createdAt - a.createdAt)
      // The latest notice says how it stands; one that has gone quiet says nothing any more.
      const told = new Map<string, Noted>()
      for (const notice of about) {
        if (notice.state === 'fixed') put(told, notice.client, 'fixed', [])
        else if (isFollowed(notice)) put(told, notice.client, 'notified', [])
      }
      const noted = new Map<string, Noted>()
      for (const { client, reasons } of due) {
        // Proposals may be a minute older than a notice that was sent since.
        if (told.get(clientKey(client))?.standing === 'notified') continue
        put(noted, client, 'worth', reasons.filter(({ weight }) => weight > 0).map(({ text }) => text))
      }
      for (const [key, each] of told) if (!noted.has(key)) noted.set(key, each)
      return noted
    },
  }
}

function put(noted: Map<string, Noted>, client: string, standing: NoticeStanding, reasons: readonly string[]): void {
  const key = clientKey(client)
  if (!noted.has(key)) noted.set(key, { standing, client, reasons })
}
