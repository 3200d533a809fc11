/**
 * Commands of root on a data folder that belongs to another account, the service's. Promises: nothing is left in it that
 * the account could not read or write afterwards; a backup gets to where root wants it, where neither the account nor a
 * gate in its sandbox may write.
 */
import { chmodSync, chownSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../shared/api.ts'
import { messageOf } from '../settingsfile.ts'

/** Whose folder it is, if it is another's. Null: one's own, not there yet, or Windows. */
function otherOwner(dataDir: string): { readonly uid: number; readonly gid: number } | null {
  const stats = process.getuid === undefined ? undefined : statSync(dataDir, { throwIfNoEntry: false })
  return stats === undefined || stats.uid === process.getuid?.() ? null : stats
}

function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/** Until the returned function is called, root works as the folder's owner; others go on as who they are. */
export function actAsOwner(dataDir: string): () => void {
  const owner = isRoot() ? otherOwner(dataDir) : null
  if (owner === null || process.setegid === undefined || process.seteuid === undefined) return () => undefined
  const gid = process.getegid?.() ?? 0
  process.setegid(owner.gid)
  process.seteuid(owner.uid)
  return () => {
    process.seteuid?.(0)
    process.setegid?.(gid)
  }
}

/** Has a file and its settings written: directly, or by another account into its own folder and from there to `target`. */
export async function handedOver(dataDir: string, target: string, write: (file: string) => Promise<Outcome<object>>): Promise<Outcome<object>> {
  if (otherOwner(dataDir) === null) return write(target)
  // A gate that runs as a service sees a /tmp of its own, and may write nowhere else.
  if (!isRoot()) return { ok: false, problem: `${dataDir} belongs to another account; run this as root` }
  const between = join(dataDir, `backup-${process.pid}`)
  try {
    const outcome = await write(between)
    if (!outcome.ok) return outcome
    for (const [from, to] of [[between, target], [`${between}.settings.json`, `${target}.settings.json`]] as const) if (existsSync(from)) bring(from, to)
    return outcome
  } catch (error) {
    return { ok: false, problem: `The backup could not be written: ${messageOf(error)}` }
  } finally {
    for (const rest of [between, `${between}.settings.json`]) rmSync(rest, { force: true })
  }
}

/** Under its name only when it is whole. */
function bring(from: string, to: string): void {
  const beside = `${to}.part-${process.pid}`
  try {
    rmSync(beside, { force: true })
    copyFileSync(from, beside)
    // A copy has the owner of what was copied.
    chownSync(beside, process.getuid?.() ?? 0, process.getgid?.() ?? 0)
    chmodSync(beside, 0o600)
    renameSync(beside, to)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}
