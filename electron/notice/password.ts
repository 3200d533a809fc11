/**
 * The password for the submission server: in the desktop sealed by the system's keyring, headless in a file for the gate's account alone
 * (0600). Only the mailer reads it; the console and the API can set it, and are told where it is, never what it is. It stands neither in
 * the settings nor in the store, and so in no backup.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Outcome } from '../../shared/api.ts'
import type { PasswordState } from '../../shared/api/password.ts'
import type { EffectiveSettings, SealPort } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'

export type PasswordRead = { readonly ok: true; readonly password: string } | { readonly ok: false; readonly problem: string }

export interface PasswordKeeper {
  read(): PasswordRead
  state(): PasswordState
  /** Null: it is forgotten. */
  set(password: string | null): Promise<Outcome<object>>
}

export interface PasswordDeps {
  readonly dataDir: string
  readonly settings: () => Pick<EffectiveSettings, 'notices'>
  /** Null: no desktop. */
  readonly seal: SealPort | null
}

const MAX_PASSWORD = 4096

export function createPasswordKeeper({ dataDir, settings, seal }: PasswordDeps): PasswordKeeper {
  const sealed = join(dataDir, 'notices', 'password.sealed')
  const plain = join(dataDir, 'notices', 'password')
  const named = () => settings().notices?.passwordFile
  const keyring = () => (named() === undefined && seal?.available() === true ? seal : null)
  /** Where it is, or would be written. */
  const place = (): PasswordState['place'] => (keyring() === null ? 'file' : 'keyring')
  const file = () => named() ?? plain

  const read = (): PasswordRead => {
    const ring = keyring()
    if (ring !== null && existsSync(sealed)) return unsealed(ring, sealed)
    if (named() !== undefined || existsSync(plain)) return readPasswordFile(file())
    if (existsSync(sealed)) return { ok: false, problem: 'the password was sealed by the desktop’s keyring, which this gate cannot open: set it anew in the console’s settings, or name notices.passwordFile' }
    return { ok: false, problem: 'notices.user is set, but there is no password: set it in the console’s settings, or name notices.passwordFile' }
  }
  const write = async (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    await writeFileAtomic(path, Buffer.from(bytes), { mode: 0o600 })
  }

  return {
    read,
    state() {
      const found = read()
      const isThere = named() !== undefined || existsSync(plain) || existsSync(sealed)
      return { place: place(), file: place() === 'file' ? file() : null, kept: found.ok, problem: found.ok || !isThere ? null : found.problem }
    },
    async set(password) {
      try {
        const ring = keyring()
        if (password === null) for (const path of [sealed, file()]) rmSync(path, { force: true })
        else if (!isPassword(password)) return { ok: false, problem: 'That cannot be a password: it is empty, or has a line break or another control character in it.' }
        else if (ring === null) await write(file(), Buffer.from(`${password}\n`))
        else {
          await write(sealed, ring.seal(password))
          // Nothing in the open beside it.
          rmSync(plain, { force: true })
        }
        return { ok: true }
      } catch (error) {
        return { ok: false, problem: `The password could not be kept: ${codeOf(error)}.` }
      }
    },
  }
}

function isPassword(text: string): boolean {
   
  return text !== '' && text.length <= MAX_PASSWORD / 4 && !/[\x00-\x1f\x7f]/.test(text)
}

function unsealed(ring: SealPort, path: string): PasswordRead {
  try {
    return { ok: true, password: ring.open(readFileSync(path)) }
  } catch (error) {
    return { ok: false, problem: `the password cannot be unsealed by this desktop’s keyring (${codeOf(error)}): set it anew in the console’s settings` }
  }
}

/** A system's code where there is one: a message might quote what it was given. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'it failed'
}

/** The file is for the gate alone: mode 0600 or stricter (Windows has no such modes). */
export function readPasswordFile(file: string): PasswordRead {
  try {
    const { mode, size } = statSync(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return { ok: false, problem: `notices.passwordFile ${file} can be read by others: chmod 600 it` }
    if (size > MAX_PASSWORD) return { ok: false, problem: `notices.passwordFile ${file} is too long for a password` }
    const password = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '')
    return password === '' ? { ok: false, problem: `notices.passwordFile ${file} is empty` } : { ok: true, password }
  } catch (error) {
    return { ok: false, problem: `notices.passwordFile cannot be read: ${messageOf(error)}` }
  }
}
