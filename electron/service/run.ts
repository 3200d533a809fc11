/** Runs the system's own tools (systemctl, useradd, schtasks): no shell, bounded in time; what went wrong as one line. */
import { execFile } from 'node:child_process'

export interface Ran {
  /** Null: it could not be started, or took too long. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Never rejects. */
export type Run = (program: string, ...args: readonly string[]) => Promise<Ran>

const MAX_MS = 90_000

export const runTool: Run = (program, ...args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: MAX_MS, windowsHide: true, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, stdout, stderr: code === null && error !== null ? error.message : stderr })
    })
  })

/** "useradd porch: …", on one line. */
export function saidBy(command: string, ran: Ran): string {
  const said = (ran.stderr.trim() === '' ? ran.stdout : ran.stderr).trim().replace(/\s*[\r\n]+\s*/g, '; ')
  return `${command}: ${said === '' ? `ended with ${ran.code ?? 'no exit code'}` : said}`
}
