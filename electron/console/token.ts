/**
 * The console's token: who holds it is the admin. Made once (32 random octets), kept in the data folder (0600), and
 * reused after a restart so that an open browser tab finds its way back by itself. Deleting the file rotates it at the
 * next start; so does a file that others could have read.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

const NAME = 'console.token'
const OTHERS = 0o077

/** The token kept in `dataDir`, or a new one. Rejects if the folder cannot be written. */
export async function keptToken(dataDir: string): Promise<string> {
  const file = join(dataDir, NAME)
  const known = await readPrivate(file)
  if (known !== null) return known
  const token = newToken()
  await writeFileAtomic(file, `${token}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  return token
}

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** In constant time, whatever the lengths. */
export function sameToken(token: string, given: string): boolean {
  return timingSafeEqual(digest(token), digest(given))
}

async function readPrivate(file: string): Promise<string | null> {
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & OTHERS) !== 0) return null
    const text = (await readFile(file, 'utf8')).trim()
    return /^[\w-]{43}$/.test(text) ? text : null
  } catch {
    return null
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
