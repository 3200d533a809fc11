/**
 * Who sends, counted from the blocks a while after they are written, and written down with the mark of how far it got, so that
 * a crash loses and doubles nothing, and a journal of an older version is counted in the same way. Bounded: beyond MOST_SENDERS
 * those that came once and longest ago are forgotten.
 */
import type Database from 'better-sqlite3'
import { networkOf, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { isWidened } from '../../shared/search/match.ts'
import type { Clue, Search } from '../../shared/search/query.ts'
import { countSession, identityOf, senderKeyOf } from '../../shared/search/sender.ts'
import type { Sender, SenderBook } from '../../shared/search/sender.ts'
import type { SessionRecord } from '../../shared/events.ts'
import type { SenderPage, SenderQuery } from '../ports.ts'
import type { Blocks } from './blocks.ts'
import { keyRange, rowOf, senderOf, storedKey } from './senderrows.ts'
import type { Row } from './senderrows.ts'
import { senderWhere, SORTS } from './senderquery.ts'

export const MOST_SENDERS = 250_000
const FORGET_AT_ONCE = 5000
const PRUNE_AT_ONCE = 1000
const BLOCKS_A_STEP = 8
/** Written together: each sender costs a page of the file, whatever it sent meanwhile. */
const FULL_SESSIONS = 8192
/** Of a search's sessions, the newest are asked for their senders. */
const SEARCHED_SESSIONS = 1000

export function createSenders(db: Database.Database, blocks: Blocks, search: (search: Search, limit: number) => Promise<readonly SessionRecord[]>) {
  const mark = db.prepare<[], { value: string }>("SELECT value FROM marks WHERE key = 'counted'")
  const setMark = db.prepare("INSERT OR REPLACE INTO marks VALUES ('counted', ?)")
  const one = db.prepare<[string], Row>('SELECT * FROM senders WHERE key = ?')
  const between = db.prepare<[string, string], Row>('SELECT * FROM senders WHERE key BETWEEN ? AND ?')
  const put = db.prepare(`INSERT OR REPLACE INTO senders VALUES
    (@key, @domain, @verified, @attempts, @refused, @deferred, @accepted, @first_seen, @last_seen, @refused_since, @disposition, @findings, @rank, @more)`)
  const drop = db.prepare<[string]>('DELETE FROM senders WHERE key = ?')
  const size = db.prepare<[], { senders: number }>('SELECT count(*) AS senders FROM senders')
  const prune = db.prepare<[number]>(`DELETE FROM senders WHERE key IN (SELECT key FROM senders WHERE last_seen < ? LIMIT ${PRUNE_AT_ONCE})`)
  const forget = db.prepare(`DELETE FROM senders WHERE key IN (SELECT key FROM senders ORDER BY attempts > 1 OR accepted > 0, last_seen LIMIT ${FORGET_AT_ONCE})`)
  let room: number | null = null
  let pending: { readonly book: ReturnType<typeof stepBook>; readonly from: number; to: number } | null = null

  const pools = (neighbourhood: string): Row[] => {
    const key = storedKey(neighbourhood.replace('/24', ''))
    return between.all(`${key} `, `${key} ~`)
  }
  const book: Pick<SenderBook, 'get' | 'pools'> = {
    get: (key) => {
      const row = one.get(storedKey(key))
      return row === undefined ? null : senderOf(row)
    },
    pools: (neighbourhood) => pools(neighbourhood).map(senderOf),
  }

  /** What one step touches is written once, at its end. */
  const stepBook = (): SenderBook & { flush(): void } => {
    const touched = new Map<string, Sender | null>()
    const near = new Map<string, Map<string, Sender>>()
    const poolsOf = (neighbourhood: string) => {
      const known = near.get(neighbourhood) ?? new Map(book.pools(neighbourhood).map((each) => [each.key, each]))
      near.set(neighbourhood, known)
      return known
    }
    return {
      get(key) {
        const known = touched.get(key)
        return known === undefined ? book.get(key) : known
      },
      pools: (neighbourhood) => [...poolsOf(neighbourhood).values()],
      put(sender) {
        touched.set(sender.key, sender)
        const [neighbourhood = '', domain] = sender.key.split(' ', 2)
        if (domain !== undefined) poolsOf(neighbourhood).set(sender.key, sender)
      },
      remove: (key) => void touched.set(key, null),
      flush() {
        for (const [key, sender] of touched) {
          if (sender === null) drop.run(storedKey(key))
          else put.run(rowOf(sender))
        }
      },
    }
  }

  const markedTo = () => Number(mark.get()?.value ?? 0)
  const countedTo = () => pending?.to ?? markedTo()
  const started = () => (pending ??= { book: stepBook(), from: markedTo(), to: markedTo() })

  /** Counts some more, in memory; true if there may be more to count. */
  const countStep = (): boolean => {
    const from = countedTo()
    const heads = blocks.after(from, BLOCKS_A_STEP)
    const last = heads.at(-1)
    if (last === undefined) return false
    const step = started()
    for (const head of heads) {
      for (const { number, session } of blocks.sessions(head).reverse()) if (number > from) countSession(step.book, session)
    }
    step.to = last.first + last.sessions - 1
    return true
  }

  /** Writes what was counted. Within the caller's transaction. */
  const flush = (): void => {
    if (pending === null) return
    const { book: step, from, to } = pending
    step.flush()
    setMark.run(String(to))
    pending = null
    // No more senders than sessions can have come; how many there are is looked up when that is too many.
    room = (room ?? MOST_SENDERS - (size.get()?.senders ?? 0)) - (to - from)
    if (room < 0) room = MOST_SENDERS - (size.get()?.senders ?? 0)
    while (room < 0) room += forget.run().changes
  }

  /** Keys of the senders of a search's sessions. */
  const keysOf = async (wanted: Search): Promise<{ readonly keys: Set<string>; readonly widened: boolean }> => {
    const keys = new Set<string>()
    const found = await search(wanted, SEARCHED_SESSIONS)
    for (const session of found) {
      const identity = identityOf(session)
      if (identity === null) continue
      const key = senderKeyOf(book, identity)
      keys.add(storedKey(key))
    }
    return { keys, widened: isWidened(wanted, found) }
  }

  return {
    /** Sessions that were just appended, the first of which has this number: they need not be read again. Ignored while earlier ones are not counted. */
    note(first: number, sessions: readonly SessionRecord[]): void {
      if (countedTo() !== first - 1) return
      const step = started()
      for (const session of sessions) countSession(step.book, session)
      step.to = first + sessions.length - 1
    },
    countStep,
    flush,
    /** Whether so much is counted and not written that it should be. */
    isFull: () => pending !== null && pending.to - pending.from >= FULL_SESSIONS,
    /** After a transaction that did not last. */
    forget(): void {
      pending = null
      room = null
    },
    uncounted: () => blocks.countAbove(countedTo()),

    async page(query: SenderQuery): Promise<Omit<SenderPage, 'uncounted'>> {
      const clues = query.search?.groups ?? []
      const networks = onlyNetworks(clues)
      const found = query.search === undefined || clues.length === 0 || networks !== null ? null : await keysOf(query.search)
      const sought = found === null ? null : { keys: [...found.keys], names: namesIn(clues) }
      const { where, values } = senderWhere(query, networks?.map(keyRange) ?? null, sought)
      const { total } = db.prepare<unknown[], { total: number }>(`SELECT count(*) AS total FROM senders WHERE ${where}`).get(...values) ?? { total: 0 }
      const sort = SORTS[query.sort]
      const after = cursorOf(query.after)
      const beyond = after === null ? '1' : `(${sort}, last_seen) < (?, ?) OR ((${sort}, last_seen) = (?, ?) AND key > ?)`
      const cursor = after === null ? [] : [after[0], after[1], after[0], after[1], after[2]]
      const rows = db
        .prepare<unknown[], Row & { readonly sorted: number }>(`SELECT *, ${sort} AS sorted FROM senders WHERE ${where} AND (${beyond}) ORDER BY sorted DESC, last_seen DESC, key LIMIT ?`)
        .all(...values, ...cursor, query.limit + 1)
      const shown = rows.slice(0, query.limit)
      const last = shown.at(-1)
      return { senders: shown.map(senderOf), total, next: rows.length > shown.length && last !== undefined ? JSON.stringify([last.sorted, last.last_seen, last.key]) : null, widened: found?.widened === true }
    },

    one(key: string): Sender | null {
      const exact = book.get(key)
      if (exact !== null) return exact
      const address = parseAddress(key)
      if (address === null) return null
      const network = networkOf(address, address.family === 4 ? 24 : 64)
      return book.get(address.family === 4 ? address.text : network.text) ?? book.pools(network.text).find((each) => each.addresses.includes(address.text)) ?? null
    },

    /** Deletes some that were last seen before a time; true if there may be more. Within the caller's transaction. */
    pruneStep: (before: number) => prune.run(before).changes === PRUNE_AT_ONCE,
  }
}

/** The networks of a search that names nothing else; null if it does. */
function onlyNetworks(groups: Search['groups']) {
  const [group] = groups
  if (group === undefined || groups.length > 1) return null
  const networks = group.flatMap((clue) => (clue.kind === 'network' ? (parseNetwork(clue.network) ?? []) : []))
  return networks.length > 0 ? networks : null
}

/** A search for one domain (".acme.example") or word finds the senders that are called so, however many sessions others under it have. */
function namesIn(groups: readonly (readonly Clue[])[]): readonly string[] {
  const [group] = groups
  if (group === undefined || groups.length > 1) return []
  return group.flatMap((clue) => (clue.kind === 'domain' && clue.role !== 'recipient' ? [`.${clue.domain}`] : clue.kind === 'word' ? [clue.word] : []))
}

function cursorOf(text: string | undefined): readonly [number, number, string] | null {
  try {
    const value = JSON.parse(text ?? 'null') as unknown
    if (!Array.isArray(value)) return null
    const [sorted, at, key] = value as unknown[]
    return typeof sorted === 'number' && typeof at === 'number' && typeof key === 'string' ? [sorted, at, key] : null
  } catch {
    return null
  }
}
