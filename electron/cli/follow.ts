/**
 * `porch sessions --follow`: what is stored, oldest first, then each session as it finishes; for as long as it takes. A gate
 * that stops, restarts or is not there yet is waited for; what finished meanwhile is made up for.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { SessionRecord } from '../../shared/events.ts'
import { findGate } from '../console/announce.ts'
import type { SessionFilter } from '../ports.ts'
import { compileFilter } from '../store/match.ts'
import type { Place } from './flags.ts'
import { withOperations } from './operations.ts'
import { liveBatches, openRemote } from './remote.ts'

const AGAIN_MS = 500
/** How many ids are remembered, so that no session is told twice. */
const REMEMBERED = 50_000
const CATCH_UP = 10_000

/** Ends with SIGINT or SIGTERM. */
export async function follow(place: Place, filter: SessionFilter, write: (session: SessionRecord) => void): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const seen = new Set<string>()
  const tell = (session: SessionRecord) => {
    if (seen.has(session.id)) return
    seen.add(session.id)
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value ?? '')
    write(session)
  }
  const { matches } = compileFilter(filter)
  const first = await withOperations(place, (operations) => operations.sessions(filter))
  for (const session of [...first].reverse()) tell(session)
  const began = first[0]?.at ?? new Date().toISOString()
  let waiting = false
  while (!stop.signal.aborted) {
    const gate = await findGate(place.dataDir)
    const remote = gate === null ? null : await openRemote(gate).catch(() => null)
    if (gate === null || remote === null) {
      if (!waiting) process.stderr.write(`porch: no gate is running on ${place.dataDir}; waiting for one\n`)
      waiting = true
    } else {
      waiting = false
      const catchUp = async () => {
        const missed = await remote.sessions({ ...filter, since: laterOf(filter.since, began), limit: CATCH_UP })
        for (const session of [...missed].reverse()) tell(session)
      }
      try {
        for await (const batch of liveBatches(gate, stop.signal)) {
          // The first batch comes at once: from here on nothing is missed, and what came before is looked up.
          if (batch.missed > 0 || !caughtUp.has(gate)) await catchUp()
          caughtUp.add(gate)
          for (const { open, ...session } of batch.sessions) if (!open && matches(session)) tell(session)
        }
      } catch {
        // The connection is gone; the gate may be back in a moment.
      }
    }
    await pause(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => undefined)
  }
  return 0
}

const caughtUp = new WeakSet<object>()

function laterOf(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b
}
