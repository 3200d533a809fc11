/** What the tests of the desktop share: the built main process started anew, its window, tray and menu, and clients that knock at its gate. The test's file mocks electron. */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { app, desktop } from '../fakes/electron.ts'
import { Menu, Notification, Tray } from '../fakes/electronparts.ts'
import { violations } from './consolepage.ts'

export const MAIN = resolve(import.meta.dirname, '../../dist/desktop/main.js')
export const PRACTICE = { hostname: 'mx.shop.example', domains: ['shop.example'], listen: ['127.0.0.1:0'], console: '127.0.0.1:0' }

/** Known to the page only once the gate has told it. */
export const LISTENING = /127\.0\.0\.1:\d+/

/** Removed at the end. */
export const folders: string[] = []

/** Registers the hooks of one file. */
export function useDesktop(): void {
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('the desktop is not built; run npm run build')
    // Each start adds a main process' own to this one.
    process.setMaxListeners(100)
  })
  afterAll(async () => {
    await desktop.close()
    for (const folder of folders) await rm(folder, { recursive: true })
  })
}

export interface Given {
  readonly settings?: unknown
  readonly locked?: boolean
  readonly args?: readonly string[]
  /** The system as it is then. */
  readonly prepare?: () => void
  /** An existing data folder. */
  readonly data?: string
}

/** Starts the desktop, in a new data folder unless one is given: a fresh main process as far as one process can have that. */
export async function start({ settings, locked = true, args = [], prepare, data }: Given = {}): Promise<string> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'porch-desktop-')))
  starts += 1
  if (data === undefined) {
    folders.push(folder)
    await writeFile(join(folder, 'porch.json'), typeof settings === 'string' ? settings : JSON.stringify(settings ?? PRACTICE))
  }
  desktop.reset(folder, locked, ['--data', folder, ...args])
  prepare?.()
  // The query makes it a module of its own each time.
  await import(/* @vite-ignore */ `${pathToFileURL(MAIN).href}?${starts}`)
  return folder
}

let starts = 0

export async function shown(): Promise<Page> {
  return (await desktop.firstWindow()).page
}

export const until = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
export const menu = () => Menu.application!
export const tray = () => Tray.shown!
export const trayLabels = () => tray().menu!.labels()
export const told = () => Notification.shown.map(({ title }) => title)

/** In light and dark; a picture of each where the environment names a folder for them. */
export async function looked(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [900, 1600]) {
      await page.setViewportSize({ width, height: 800 })
      if (process.env.PORCH_SHOTS !== undefined) await page.screenshot({ path: join(process.env.PORCH_SHOTS, `${name}-${colorScheme}-${width}.png`) })
    }
    found.push(...(await violations(page)))
  }
  return found
}

/** A client that has begun a transaction: MAIL is answered. */
export async function beginMail([host, port]: [string, number]): Promise<{ readonly socket: Socket; heard: () => string }> {
  const socket = connect(port, host)
  let said = ''
  socket.on('data', (data) => (said += data.toString()))
  socket.on('error', () => undefined)
  for (const [line, reply] of [['', /^220 /m], ['EHLO mail.sender.example', /^250 /m], ['MAIL FROM:<a@sender.example>', /^250 2\.1\.0/m]] as const) {
    said = ''
    if (line !== '') socket.write(`${line}\r\n`)
    await until(() => said).toMatch(reply)
  }
  return { socket, heard: () => said }
}

export function quit(): Promise<number> {
  app.quit()
  return app.exited
}

/** The listening address as the page shows it. */
export async function smtpAddress(page: Page): Promise<[string, number]> {
  const text = await page.locator('.strip').getByText(LISTENING).first().textContent()
  const [host = '', port = ''] = LISTENING.exec(text ?? '')?.[0].split(':') ?? []
  return [host, Number(port)]
}

/** One client that says this name, to RCPT; returns the last reply. */
export function knock([host, port]: [string, number], ehlo: string): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect(port, host)
    const lines = [`EHLO ${ehlo}`, 'MAIL FROM:<a@sender.example>', 'RCPT TO:<joe@shop.example>', 'QUIT']
    let said = ''
    let last = ''
    socket.on('data', (data) => {
      said += data.toString()
      if (!/^\d{3} .*\r\n$/m.test(said)) return
      if (lines.length === 1) last = said
      said = ''
      const next = lines.shift()
      if (next !== undefined) socket.write(`${next}\r\n`)
    })
    socket.on('close', () => done(last))
    socket.on('error', failed)
  })
}


/** What a gate says first. */
export async function firstWords([host, port]: [string, number]): Promise<string> {
  const socket = connect(port, host)
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return data.toString()
}
