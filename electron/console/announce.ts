/**
 * gate.json in the data folder: how the command line and the desktop window find the gate that runs on it. Only the owner
 * can read it (and the folder's group, where the gate runs as a service), it is never half written, and it goes when the gate stops; one left behind by a killed gate is recognised by its pid.
 */
import { constants } from 'node:fs'
import { access, chmod, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { AlarmsPort } from '../ports.ts'

const RETRY_MS = 10_000

const schema = z.object({ pid: z.int().positive(), url: z.string().startsWith('http://'), token: z.string().min(1) })

/** `url`: the console's address without a final slash and without the token, such as "http://127.0.0.1:8525". */
export type Announcement = z.infer<typeof schema>

export interface AnnounceOptions {
  /** Members of the data folder's group may use the console: who reads the token is the admin. */
  readonly groupAccess?: boolean
  /** How often a file that could not be written is tried again, ms. */
  readonly retryMs?: number
}

export async function announce(dataDir: string, announcement: Announcement, { groupAccess = false }: AnnounceOptions = {}): Promise<void> {
  const file = fileIn(dataDir)
  await writeFileAtomic(file, `${JSON.stringify(announcement)}\n`, { mode: 0o600 })
  await chmod(file, groupAccess ? 0o640 : 0o600)
}

/**
 * Announces the gate, and while the disk does not take it (full, say) tries again and tells: mail is more urgent than
 * the command line's way in. Returns how to end that and withdraw.
 */
export async function stayAnnounced(dataDir: string, announcement: Announcement, alarms: AlarmsPort, options: AnnounceOptions = {}): Promise<() => Promise<void>> {
  const attempt = () =>
    announce(dataDir, announcement, options).then(
      () => {
        clearInterval(timer)
        alarms.clear('announce')
      },
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error)
        alarms.raise('announce', 'warning', `Commands such as "porch rules" do not find this gate: ${fileIn(dataDir)} cannot be written: ${why}`)
      },
    )
  let trying: Promise<void> = Promise.resolve()
  const timer = setInterval(() => { trying = attempt() }, options.retryMs ?? RETRY_MS)
  timer.unref()
  await attempt()
  return async () => {
    clearInterval(timer)
    await trying
    await withdraw(dataDir, announcement.pid)
  }
}

/** Only one's own: another gate may have taken the folder since. */
export async function withdraw(dataDir: string, pid: number): Promise<void> {
  const known = await readFileOf(dataDir)
  if (known?.pid === pid) await rm(fileIn(dataDir), { force: true })
}

/** As `findGate`, but it tells a gate that this account may not look at from none. */
export async function seekGate(dataDir: string): Promise<{ readonly kind: 'found'; readonly gate: Announcement } | { readonly kind: 'denied' } | { readonly kind: 'none' }> {
  try {
    await access(fileIn(dataDir), constants.R_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { kind: code === 'EACCES' || code === 'EPERM' ? 'denied' : 'none' }
  }
  const gate = await findGate(dataDir)
  return gate === null ? { kind: 'none' } : { kind: 'found', gate }
}

/** The gate that runs on this folder; null if none does. */
export async function findGate(dataDir: string): Promise<Announcement | null> {
  const known = await readFileOf(dataDir)
  return known !== null && isAlive(known.pid) ? known : null
}

async function readFileOf(dataDir: string): Promise<Announcement | null> {
  try {
    return schema.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')))
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'gate.json')
}
