/**
 * What the notices know of senders: who is worth one, who was written about, who is repaired. Proposals cost a look through the journal,
 * so they are kept for a while. Promise: looking takes at most a hundredth of the gate's time, however often it is asked.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { NoticeNews, Proposals } from '../../shared/api/notices.ts'
import type { Sender } from '../../shared/search/sender.ts'
import { scopeOf, tells, worthWriting, writtenAbout } from '../notice/worth.ts'
import type { WorthDeps } from '../notice/worth.ts'
import type { ConsoleDeps } from './deps.ts'

export interface NoticeStanding {
  readonly notice: 'worth' | 'notified' | 'fixed' | null
  readonly reasons: readonly string[]
}

export interface NoticeBook {
  /** At most some seconds old (minutes, where the journal is large). */
  proposals(): Promise<Proposals>
  /** Without waiting: by the proposals that are known by now, which may be none yet. */
  standing(sender: Pick<Sender, 'addresses'>): NoticeStanding
  /** An address of each sender of that standing: of those worth a notice the best first, else the latest first. */
  clients(notice: 'worth' | 'notified' | 'fixed'): readonly string[]
}

const NOTHING: Proposals = { due: [], sunk: [], stuck: [] }
const NEVER: NoticeStanding = { notice: null, reasons: [] }
const LEAST_MS = 3000
const MOST_MS = 300_000
const PARTS = 100

export function noticeBook({ desk, store, rules, clock }: Pick<ConsoleDeps, 'desk' | 'store' | 'rules' | 'clock'>): NoticeBook {
  const deps: WorthDeps = { ...desk, store, rules }
  let known = NOTHING
  let freshUntil = -Infinity
  let asking: Promise<void> | null = null
  let told: { readonly edition: Proposals; readonly byScope: ReadonlyMap<string, NoticeStanding & { readonly client: string; readonly at: number }> } | null = null
  desk.outbox.onChange(() => {
    told = null
  })
  const ask = async () => {
    const began = clock.monotonic()
    try {
      known = await worthWriting(deps)
    } finally {
      const now = clock.monotonic()
      freshUntil = now + Math.min(MOST_MS, Math.max(LEAST_MS, (now - began) * PARTS))
      asking = null
    }
  }
  const refresh = () => (asking ??= ask())
  const standings = () => {
    if (told?.edition === known) return told.byScope
    const byScope = new Map<string, NoticeStanding & { client: string; at: number }>()
    for (const { client, reasons, lastAt } of known.due) byScope.set(scopeOf(client), { notice: 'worth', reasons: reasons.map(({ text }) => text), client, at: lastAt })
    for (const notice of [...desk.outbox.list()].sort((a, b) => a.createdAt - b.createdAt)) {
      const scope = scopeOf(notice.client)
      // Refused anew after it was in order once: worth a notice again.
      if (!tells(notice) || (notice.state === 'fixed' && byScope.get(scope)?.notice === 'worth')) continue
      byScope.set(scope, { notice: notice.state === 'fixed' ? 'fixed' : 'notified', reasons: [], client: notice.client, at: notice.createdAt })
    }
    told = { edition: known, byScope }
    return byScope
  }
  return {
    async proposals() {
      if (clock.monotonic() >= freshUntil) await refresh()
      const written = writtenAbout(desk.outbox)
      const open = <T extends { readonly client: string }>(all: readonly T[]) => all.filter(({ client }) => !written.has(scopeOf(client)))
      return { due: open(known.due), sunk: open(known.sunk), stuck: open(known.stuck) }
    },
    standing({ addresses }) {
      if (clock.monotonic() >= freshUntil) refresh().catch(() => undefined)
      const all = standings()
      // The latest address last: what is known of it counts first.
      for (const address of [...addresses].reverse()) {
        const found = all.get(scopeOf(address))
        if (found !== undefined) return found
      }
      return NEVER
    },
    clients(notice) {
      const all = [...standings().values()].filter((each) => each.notice === notice)
      return (notice === 'worth' ? all : all.sort((a, b) => b.at - a.at)).map(({ client }) => client)
    },
  }
}

const LOOK_MS = 5000
/** Several changes in one go are one. */
const SETTLE_MS = 150

/** Now, and whenever it is another, until `signal` aborts. */
export async function* watchNotices(book: Pick<NoticeBook, 'proposals'>, outbox: ConsoleDeps['desk']['outbox'], signal: AbortSignal): AsyncGenerator<NoticeNews, void, void> {
  let changes = 0
  let wake: () => void = () => undefined
  const stop = outbox.onChange(() => {
    changes += 1
    wake()
  })
  try {
    let last = ''
    for (let edition = 1; !signal.aborted; ) {
      const seen = changes
      const { due, sunk, stuck } = await book.proposals().catch(() => NOTHING)
      const text = JSON.stringify([seen, [due, sunk, stuck].map((list) => list.map(({ client, session }) => [client, session]))])
      if (text !== last) {
        last = text
        yield { edition, worth: due.length, stuck: stuck.length }
        edition += 1
      }
      if (changes === seen) {
        const change = new Promise<void>((resolve) => {
          wake = resolve
        })
        await Promise.race([change, sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined)])
      }
      if (changes !== seen) await sleep(SETTLE_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  } finally {
    stop()
  }
}
