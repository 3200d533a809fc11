/**
 * The gate as the desktop has it: one that runs in this program, or one that runs already on the data folder (the service), which
 * is then only looked at. Promises: never two gates on one folder (the folder's lock decides, not this file), a service that
 * stops is noticed at once and found again by itself, and why there is no gate is always told.
 */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { createRouterClient } from '@orpc/server'
import type { DesktopGate, DesktopOutcome } from '../../shared/api/desktop.ts'
import { clientOf } from '../cli/remote.ts'
import { systemClock } from '../clock.ts'
import { StartError } from '../compose.ts'
import { seekGate } from '../console/announce.ts'
import type { Announcement } from '../console/announce.ts'
import { offRouter } from '../console/off.ts'
import { apiPeers } from '../console/peer.ts'
import type { Peers } from '../console/peer.ts'
import { keepGate } from '../keeper.ts'
import type { KeptGate } from '../keeper.ts'
import type { SealPort } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import { LockHeld, takeLock } from '../store/lock.ts'
import { bridgeTo } from './bridge.ts'
import { followGate } from './gatewatch.ts'
import type { GateClient, GateEars } from './gatewatch.ts'
import { shellWords } from './words.ts'

const HELLO_MS = 5000
/** How often a service that is not there is looked for. */
const LOOK_MS = 1000
/** So that the answer to a save is out before its line is cut. */
const SAVED_MS = 150
/** A gate that has the lock but no address yet is starting: so long it is waited for. */
const STARTING_MS = 10_000

export interface HostOptions {
  readonly dataDir: string
  readonly configFile: string | undefined
  readonly page: string
  readonly demo: boolean
  /** Seals secrets for a gate of one's own. */
  readonly seal: SealPort
  readonly ears: GateEars
  /** The gate that is shown became another one, or another state of it. */
  readonly changed: (gate: DesktopGate, before: DesktopGate) => void
  readonly log: (what: string, error: unknown) => void
}

type Line =
  | { readonly kind: 'none' }
  | { readonly kind: 'own'; readonly gate: KeptGate }
  | { readonly kind: 'service'; readonly peers: Peers; readonly client: GateClient }
  | { readonly kind: 'off'; readonly peers: Peers }

export class Host {
  readonly #options: HostOptions
  #view: DesktopGate
  #line: Line = { kind: 'none' }
  #following = new AbortController()
  #stopped = false
  #work: Promise<unknown> = Promise.resolve()
  #ownPeers: { readonly router: unknown; readonly peers: Peers } | null = null
  #looking: NodeJS.Timeout | undefined

  constructor(options: HostOptions) {
    this.#options = options
    this.#view = { kind: 'starting', data: options.dataDir }
  }

  view(): DesktopGate {
    return this.#view
  }

  /** Finds the gate or starts one; settles when it is decided. Never rejects. */
  start(): Promise<void> {
    return this.#alone(() => this.#decide())
  }

  /** Until what is being decided is decided. */
  settled(): Promise<unknown> {
    return this.#work
  }

  /** For the page's line; null: there is nothing to speak with now. */
  peers(): Peers | null {
    const line = this.#line
    switch (line.kind) {
      case 'none': return null
      case 'service':
      case 'off': return line.peers
      case 'own': {
        const router = line.gate.router()
        if (this.#ownPeers?.router !== router) this.#ownPeers = { router, peers: apiPeers(router) }
        return this.#ownPeers.peers
      }
    }
  }

  client(): GateClient | null {
    const line = this.#line
    if (line.kind === 'service') return line.client
    return line.kind === 'own' ? (createRouterClient(line.gate.router(), { context: {} })) : null
  }

  /** The gate that runs in this program. */
  own(): KeptGate | null {
    return this.#line.kind === 'own' ? this.#line.gate : null
  }

  /** After a start that failed, or to look for the service again now. */
  async retry(): Promise<DesktopOutcome> {
    await this.#alone(async () => {
      if (this.#view.kind === 'lost') await this.#lookAgain(this.#view.since)
      else if (this.#view.kind === 'off') await this.#decide()
    })
    return this.#outcome()
  }

  /** In place of a service that stopped. */
  async startOwn(): Promise<DesktopOutcome> {
    if (this.#view.kind !== 'lost') return { ok: false, problem: shellWords.problems.notLost }
    await this.#alone(async () => {
      if (this.#view.kind !== 'lost') return
      if (this.#view.offer !== 'own' && (await this.#offer()) !== 'own') return
      await this.#decide()
    })
    return this.#outcome()
  }

  /** Only a gate of one's own is stopped. */
  async stop(patience?: number): Promise<void> {
    this.#stopped = true
    clearInterval(this.#looking)
    const ended = this.own()?.stop(patience)
    await this.#work.catch(() => undefined)
    await (ended ?? this.own()?.stop(patience))
    this.#following.abort()
  }

  #outcome(): DesktopOutcome {
    const gate = this.#view
    switch (gate.kind) {
      case 'own':
      case 'service':
      case 'starting': return { ok: true }
      case 'off': return { ok: false, problem: gate.why }
      case 'lost': return { ok: false, problem: gate.offer === 'held' ? shellWords.problems.held : gate.offer === 'notours' ? shellWords.off.notOurs(gate.data) : shellWords.problems.blind }
    }
  }

  async #decide(): Promise<void> {
    this.#drop()
    this.#show({ kind: 'starting', data: this.#options.dataDir })
    if (await this.#attach()) return
    if (this.#view.kind === 'off') return
    if (await isForeign(this.#options.dataDir)) return this.#off('held', shellWords.off.notOurs(this.#options.dataDir))
    try {
      this.#serve(await this.#startOwn())
    } catch (error) {
      await this.#startFailed(error)
    }
  }

  /** True: the gate that runs already is shown. Sets `off` where this account may not look at it. */
  async #attach(): Promise<boolean> {
    const sought = await seekGate(this.#options.dataDir)
    if (sought.kind === 'denied') this.#off('denied', deniedWords())
    if (sought.kind !== 'found') return false
    if (sought.gate.pid === process.pid) return false
    const client = clientOf(sought.gate)
    try {
      await client.state.get(undefined, { signal: AbortSignal.timeout(HELLO_MS) })
    } catch {
      return false
    }
    if (!this.#stopped) this.#join(sought.gate, client)
    return true
  }

  #join(gate: Announcement, client: GateClient): void {
    this.#drop()
    this.#line = { kind: 'service', peers: bridgeTo(gate), client }
    this.#show({ kind: 'service', data: this.#options.dataDir, since: now() })
    void this.#follow(client).then(() => {
      if (this.#line.kind === 'service' && this.#line.client === client) void this.#alone(() => this.#lost())
    })
  }

  async #lost(): Promise<void> {
    if (this.#stopped || this.#line.kind !== 'service') return
    this.#drop()
    const since = now()
    // It may only have started anew in place.
    if (await this.#attach()) return
    this.#show({ kind: 'lost', data: this.#options.dataDir, since, offer: await this.#offer() })
    this.#look(() => this.#lookAgain(since))
  }

  async #lookAgain(since: string): Promise<void> {
    if (await this.#attach()) return
    const offer = await this.#offer()
    if (this.#view.kind === 'lost' && this.#view.offer !== offer) this.#show({ kind: 'lost', data: this.#options.dataDir, since, offer })
  }

  /** Whether the folder is free and this account's to write: the lock says so. It is let go at once. */
  async #offer(): Promise<'own' | 'held' | 'notours'> {
    try {
      const lock = await takeLock(this.#options.dataDir, 0)
      lock.release()
      return 'own'
    } catch (error) {
      return error instanceof LockHeld ? 'held' : 'notours'
    }
  }

  #startOwn(): Promise<KeptGate> {
    const { dataDir, configFile, page, demo, seal } = this.#options
    return keepGate({ dataDir, page, demo, seal, ...(configFile === undefined ? {} : { configFile }) })
  }

  #serve(gate: KeptGate): void {
    this.#line = { kind: 'own', gate }
    this.#show({ kind: 'own', data: this.#options.dataDir })
    gate.onRelaunch(() => {
      this.#following.abort()
      this.#followOwn()
      this.#options.changed(this.#view, this.#view)
    })
    gate.onLost((why) => {
      this.#options.log('the gate could not start again', why)
      this.#drop()
      this.#off('other', why)
    })
    this.#followOwn()
  }

  #followOwn(): void {
    const client = this.client()
    if (client !== null) void this.#follow(client)
  }

  async #startFailed(error: unknown): Promise<void> {
    if (error instanceof StartError && error.reason === 'locked') {
      const until = performance.now() + STARTING_MS
      while (performance.now() < until && !this.#stopped) {
        if (await this.#attach()) return
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS / 4))
      }
      this.#off('held', shellWords.off.held(this.#options.dataDir))
      return
    }
    this.#options.log('the gate could not start', messageOf(error))
    this.#off(error instanceof StartError && error.reason === 'settings' ? 'settings' : 'other', messageOf(error))
  }

  #off(reason: 'settings' | 'denied' | 'held' | 'other', why: string): void {
    const { dataDir, configFile } = this.#options
    if (reason === 'settings' || reason === 'other') {
      this.#line = { kind: 'off', peers: apiPeers(offRouter({ dataDir, configFile, clock: systemClock, saved: () => void setTimeout(() => void this.retry(), SAVED_MS) })) }
    } else this.#look(() => this.#attach())
    this.#show({ kind: 'off', data: dataDir, since: now(), reason, why })
  }

  /** Again and again, until a gate is found. */
  #look(look: () => Promise<unknown>): void {
    clearInterval(this.#looking)
    let busy = false
    this.#looking = setInterval(() => {
      if (busy) return
      busy = true
      void this.#alone(async () => {
        if (this.#line.kind === 'none' && this.#view.kind !== 'starting') await look()
      }).finally(() => (busy = false))
    }, LOOK_MS)
    this.#looking.unref()
  }

  #follow(client: GateClient): Promise<void> {
    this.#following = new AbortController()
    return followGate(client, this.#options.ears, this.#following.signal)
  }

  #drop(): void {
    clearInterval(this.#looking)
    this.#following.abort()
    this.#line = { kind: 'none' }
  }

  #show(view: DesktopGate): void {
    const before = this.#view
    this.#view = view
    this.#options.changed(view, before)
  }

  /** One change after the other. */
  #alone(work: () => Promise<unknown>): Promise<void> {
    const next = this.#work.then(async () => {
      if (!this.#stopped) await work()
    }).catch((error: unknown) => this.#options.log('the desktop', error))
    this.#work = next
    return next
  }
}

function now(): string {
  return new Date().toISOString()
}

/** There, but not this account's to write. */
async function isForeign(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(() => false, (error: NodeJS.ErrnoException) => error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS')
}

function deniedWords(): string {
  const { username } = userInfo()
  return process.platform === 'win32' ? shellWords.off.deniedWindows(username) : shellWords.off.denied(username, 'porch')
}
