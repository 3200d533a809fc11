/**
 * Reading the journal: newest first, block by block, ruling blocks out by their filters. A long search gives way to
 * writes every few blocks.
 */
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import type { SessionFilter } from '../ports.ts'
import type { BlockHead, Blocks, Numbered } from './blocks.ts'
import { wider } from '../../shared/search/query.ts'
import type { Search } from '../../shared/search/query.ts'
import { compileFilter, idTerm } from './match.ts'
import type { LaterMark, Query } from './match.ts'
import { hashTerm, mayHold } from './termfilter.ts'
import type { TermHash } from './termfilter.ts'

/** Heads looked at, and blocks read, before other work gets its turn. */
const HEADS_A_STEP = 4096
const READS_A_STEP = 16
/** Free text that is no address and no name is looked for in this many sessions. */
const WIDE_SESSIONS = 200_000
const GOOD_SESSIONS = 200_000
const DAY_MS = 86_400_000
const ID_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
/** Between the making of an id and the time that the record gives. */
const ID_SLACK_MS = 2000

/** `from`: of each mark, the number of the first session whose block has the terms that came with it. */
export function createSearch(blocks: Blocks, from: Readonly<Record<LaterMark, number>>) {
  async function* scan(query: Query, below: number, reach = Number.POSITIVE_INFINITY): AsyncGenerator<Numbered> {
    const groups = query.groups.map((group) => group.map(hashTerm))
    const later = query.later.map(({ mark, terms }) => ({ from: from[mark], hashes: terms.map(hashTerm) }))
    const mayMatch = (head: BlockHead) => groups.every((group) => mayHoldAny(head, group)) && later.every((group) => head.first < group.from || mayHoldAny(head, group.hashes))
    let cursor = below
    let reads = 0
    let left = reach
    for (;;) {
      const heads = blocks.heads(cursor, HEADS_A_STEP)
      for (const head of heads) {
        if (head.newest < query.since || !mayMatch(head)) continue
        // A block that was joined with its elders meanwhile would be seen twice: sessions at or above the cursor are done.
        for (const numbered of blocks.sessions(head, query.needles)) {
          if (numbered.number < cursor && query.matches(numbered.session)) yield numbered
        }
        cursor = head.first
        left -= head.sessions
        if (left <= 0) return
        if (++reads % READS_A_STEP === 0) await turn()
      }
      const last = heads.at(-1)
      if (last === undefined) return
      cursor = Math.min(cursor, last.first)
      await turn()
    }
  }

  /** An id says when its session began, so that only the blocks of that time need be looked at. */
  const locateByTime = (id: string) => {
    const at = timeOfId(id)
    if (at === null) return null
    const hash = hashTerm(idTerm(id))
    for (const head of blocks.headsAround(at - ID_SLACK_MS, at + ID_SLACK_MS)) {
      const numbered = mayHold(head.filter, hash) ? blocks.sessions(head, [[id]]).find((each) => each.session.id === id) : undefined
      if (numbered !== undefined) return { head, numbered }
    }
    return null
  }

  const locate = async (id: string): Promise<{ readonly head: BlockHead; readonly numbered: Numbered } | null> => {
    const near = locateByTime(id)
    if (near !== null) return near
    const query: Query = { needles: [], groups: [[idTerm(id)]], later: [], matches: (session) => session.id === id, since: Number.NEGATIVE_INFINITY }
    for await (const numbered of scan(query, Number.POSITIVE_INFINITY)) {
      const [head] = blocks.heads(numbered.number + 1, 1)
      if (head !== undefined) return { head, numbered }
    }
    return null
  }

  const collect = async (query: Query, below: number, limit: number, reach?: number): Promise<SessionRecord[]> => {
    const found: SessionRecord[] = []
    if (limit <= 0) return found
    for await (const { session } of scan(query, below, reach)) {
      found.push(session)
      if (found.length >= limit) break
    }
    return found
  }

  return {
    async sessions(filter: SessionFilter): Promise<SessionRecord[]> {
      const place = filter.before === undefined ? null : await locate(filter.before)
      if (filter.before !== undefined && place === null) return []
      const below = place?.numbered.number ?? Number.POSITIVE_INFINITY
      const exact = compileFilter(filter)
      const found = await collect(exact, below, filter.limit)
      if (found.length > 0) return found
      // The end of what was found, and not of nothing.
      if (place !== null && (await collect(exact, Number.POSITIVE_INFINITY, 1)).length > 0) return []
      const wide = filter.search === undefined ? null : wider(filter.search)
      return wide === null ? [] : collect(compileFilter({ ...filter, search: wide }), below, filter.limit, hasPart(wide) ? WIDE_SESSIONS : undefined)
    },

    async entry(id: string): Promise<JournalEntry | null> {
      const place = await locate(id)
      if (place === null) return null
      const details = blocks.details(place.head, place.numbered.number)
      return { session: place.numbered.session, evidence: details?.[0] ?? [], transcript: details?.[1] ?? [] }
    },

    async acceptedWithin(network: string, days: number, now: number, most: number) {
      const base = compileFilter({ client: network, since: new Date(now - days * DAY_MS).toISOString(), limit: 1 })
      const good = (session: SessionRecord) => session.disposition === 'accepted' || session.disposition === 'whitelisted'
      const query: Query = {
        ...base,
        groups: [...base.groups, ['d:accepted', 'd:whitelisted']],
        matches: (session) => good(session) && base.matches(session),
      }
      const found = new Map<string, { client: string; name: string | null; sessions: number }>()
      for await (const { session } of scan(query, Number.POSITIVE_INFINITY, GOOD_SESSIONS)) {
        const known = found.get(session.client)
        if (known === undefined) found.set(session.client, { client: session.client, name: session.verifiedName, sessions: 1 })
        else known.sessions++
      }
      return [...found.values()].sort((a, b) => b.sessions - a.sessions).slice(0, most)
    },

    /** Whole blocks by their tallies; only those that began before `since` are read. */
    counts(since: string): Record<string, number> {
      const from = Date.parse(since)
      const counts: Record<string, number> = {}
      const add = (disposition: string, sessions: number) => (counts[disposition] = (counts[disposition] ?? 0) + sessions)
      for (const head of blocks.talliesSince(from)) {
        if (head.oldest >= from) {
          for (const [disposition, sessions] of Object.entries(JSON.parse(head.tallies) as Record<string, number>)) add(disposition, sessions)
        } else {
          for (const { session } of blocks.sessions(head)) if (Date.parse(session.at) >= from) add(session.disposition, 1)
        }
      }
      return counts
    },
  }
}

function hasPart(search: Search): boolean {
  return search.groups.some((group) => group.some((clue) => clue.kind === 'part'))
}

/** electron/ids.ts: nine base-32 digits of milliseconds lead an id of 22. Null for any other id. */
function timeOfId(id: string): number | null {
  if (!/^[0-9a-hjkmnp-tv-z]{22}$/.test(id)) return null
  return [...id.slice(0, 9)].reduce((sum, digit) => sum * 32 + ID_DIGITS.indexOf(digit), 0)
}

function mayHoldAny(head: BlockHead, group: readonly TermHash[]): boolean {
  return group.some((hash) => mayHold(head.filter, hash))
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
