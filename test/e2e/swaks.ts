/** swaks, the SMTP test client: one run, one transcript. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const PROGRAM = '/usr/bin/swaks'

export interface SwaksResult {
  /** 0: delivered; else swaks' own code for the stage that failed (20–29: 21 banner, 22 EHLO, 23 MAIL, 24 RCPT, 25 DATA, 26 the dot, 29 TLS). */
  readonly code: number | null
  /** "<-  250 ok", " -> RCPT …", "<** 550 …" */
  readonly transcript: string
}

/** Why it cannot run here; null if it can. */
export function swaksMissing(): string | null {
  return existsSync(PROGRAM) ? null : 'swaks is not installed (run build/debian.sh)'
}

/** `args`: further options ("--ehlo", "a.example", "--from", …); the body is a short message unless they say otherwise. */
export function runSwaks(target: { readonly host: string; readonly port: number }, ...args: string[]): Promise<SwaksResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, ['--server', target.host, '--port', String(target.port), '--timeout', '30', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let transcript = ''
    child.stdout.on('data', (chunk: Buffer) => (transcript += chunk.toString('latin1')))
    child.stderr.on('data', (chunk: Buffer) => (transcript += chunk.toString('latin1')))
    child.once('error', reject)
    child.once('close', (code) => { resolve({ code, transcript }) })
  })
}
