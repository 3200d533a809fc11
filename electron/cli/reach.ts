/**
 * Is there a gate on this data folder, and may a command work in it without one? What gate.json names may be another program by now:
 * a gate holds the folder's lock, so that nobody who leaves it free is one.
 */
import { findGate } from '../console/announce.ts'
import type { Announcement } from '../console/announce.ts'
import { messageOf } from '../settingsfile.ts'
import { LockHeld, takeLock } from '../store/lock.ts'
import type { Lock } from '../store/lock.ts'
import { Failure } from './failure.ts'
import type { Operations } from './operations.ts'
import { actAsOwner } from './owner.ts'
import { openRemote } from './remote.ts'

export interface Reached {
  readonly gate: Announcement
  readonly operations: Operations
}

/** Null: none runs. Throws if one seems to (the folder is held) and does not answer as it should. */
export async function reachGate(dataDir: string): Promise<Reached | null> {
  const gate = await findGate(dataDir)
  if (gate === null) return null
  try {
    const operations = await openRemote(gate)
    return operations === null ? null : { gate, operations }
  } catch (error) {
    const rootAgain = actAsOwner(dataDir)
    try {
      ;(await holdFolder(dataDir, messageOf(error))).release()
    } finally {
      rootAgain()
    }
    return null
  }
}

/** `why`: what is known of the gate there. */
export async function holdFolder(dataDir: string, why?: string): Promise<Lock> {
  try {
    return await takeLock(dataDir)
  } catch (error) {
    if (!(error instanceof LockHeld)) throw new Failure(messageOf(error))
    throw new Failure(`${messageOf(error)}: another porch command may be at work there (try again in a moment), or a gate whose console does not answer${why === undefined ? '' : ` (${why})`}`)
  }
}
