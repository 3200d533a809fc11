/**
 * The composition root of the gate: here, and for commands without a gate in composecommands.ts, adapters are constructed, and nowhere
 * else. The desktop, `porch serve` and the tests start the same gate here. What was opened is closed in the opposite order, also when a later part cannot start.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Recheck } from '../shared/api/recheck.ts'
import type { SessionRecord } from '../shared/events.ts'
import { createAlarms } from './alarms.ts'
import type { Alarms } from './alarms.ts'
import { localOffset, systemClock } from './clock.ts'
import { doctorDeps } from './composecommands.ts'
import { stayAnnounced } from './console/announce.ts'
import { createRouter } from './console/handlers.ts'
import type { Former } from './console/deps.ts'
import type { ConsoleRouter } from './console/handlers.ts'
import { createLiveHub } from './console/hub.ts'
import { recheckSession } from './console/recheck.ts'
import { createMetrics } from './console/metrics.ts'
import { createPulse } from './console/pulse.ts'
import { startConsole } from './console/server.ts'
import { createTally } from './console/tally.ts'
import { keptToken, newToken } from './console/token.ts'
import { createCanary, readCanaryMemory } from './dns/canary.ts'
import { createGatherer } from './dns/gather.ts'
import { createResolver } from './dns/resolver.ts'
import { createDaily } from './doctor/daily.ts'
import type { DoctorDeps } from './doctor/deps.ts'
import { examine } from './doctor/doctor.ts'
import { watchClock } from './doctor/machine.ts'
import { createBackend } from './gate/backend/backend.ts'
import { openLink } from './gate/backend/link.ts'
import type { GateDeps } from './gate/deps.ts'
import { both } from './gate/both.ts'
import { createGate } from './gate/listener.ts'
import { createOwnProbes } from './gate/ownprobes.ts'
import { openCertificate } from './gate/tls.ts'
import { checkAgain } from './help/again.ts'
import { keptBanLinks } from './help/banlink.ts'
import { startHelp } from './help/server.ts'
import { shopWords } from './help/words.ts'
import { createGraces } from './graces.ts'
import { giveBackMemory } from './heap.ts'
import { newSessionId } from './ids.ts'
import type { GatePort, GatherPort, SealPort, SettingsPort } from './ports.ts'
import { createMailbox } from './practice/mailbox.ts'
import { notePeriod } from './practice/period.ts'
import { createPlayer } from './practice/play.ts'
import { createSampleResolver } from './practice/resolver.ts'
import { isSampleSender } from './practice/cast.ts'
import { createAdminPost } from './notice/adminpost.ts'
import { createOffice } from './notice/office.ts'
import { createPasswordKeeper } from './notice/password.ts'
import { worthWriting } from './notice/worth.ts'
import { createRdap, registriesOf } from './rdap/rdap.ts'
import { createRegisteredNetworks } from './rdap/registered.ts'
import { openSettings } from './settings.ts'
import { createPause } from './pause.ts'
import { messageOf } from './settingsfile.ts'
import { LockHeld, takeLock } from './store/lock.ts'
import { watchTorn } from './store/tornfiles.ts'
import { createRules } from './store/rules.ts'
import { STORE_CLOSED } from './store/link.ts'
import { createStore } from './store/store.ts'
import { createStrikes } from './store/strikes.ts'
import { VERSION } from './version.ts'

/** Why the gate cannot start: one clear line, fit for stderr. `reason`: what would help; `locked`: another Porch has the data folder. */
export class StartError extends Error {
  readonly reason: 'settings' | 'locked' | 'other'
  constructor(message: string, reason: StartError['reason'] = 'other') {
    super(message)
    this.reason = reason
  }
}

export interface StartOptions {
  readonly dataDir: string
  /** Undefined: porch.json in the data folder, which may be missing (practice). */
  readonly configFile?: string
  /** The built console (dist/renderer). */
  readonly page: string
  /** The desktop's keyring; headless there is none. */
  readonly seal?: SealPort
  /** Plays the sample senders again and again (practice only). */
  readonly demo?: boolean
  /** The data folder's group may use the console (the service). */
  readonly groupAccess?: boolean
  /** Starts the gate anew in place (keeper.ts); without it only the outside can. */
  readonly relaunch?: (former: Former | null) => void
  /** Of the gate before this one in the same process: its console's address, so that pages find back where the port was a free one, and know its token. */
  readonly again?: { readonly console: string }
}

/** CONTRACT, `porch serve --json`: the first line. */
export interface ReadyLine {
  readonly event: 'ready'
  readonly smtp: readonly string[]
  readonly console: string
  readonly metrics: string
  /** The help page's address where it is served here. */
  readonly help?: string
  readonly data: string
  readonly version: string
}

export interface RunningGate {
  readonly ready: ReadyLine
  readonly router: ConsoleRouter
  readonly alarms: Alarms
  readonly settings: SettingsPort
  /** Each finished session of real clients and sample senders. */
  onSession(listener: (session: SessionRecord) => void): () => void
  /** An exception that nobody caught: the admin is told, the gate goes on. */
  report(error: unknown): void
  /** Mail transactions under way. */
  underWay(): number
  /** Transactions under way get up to 30 s (CONTRACT), or as many ms as are said. Idempotent. */
  stop(patience?: number): Promise<void>
  /** While it stops: what is still under way is dropped; its senders try again. */
  hurry(): void
}

const STOP_MS = 30_000

/** Rejects with StartError. */
export async function startGate(options: StartOptions): Promise<RunningGate> {
  const open = new AsyncDisposableStack()
  try {
    return await start(options, open)
  } catch (error) {
    await open.disposeAsync()
    throw error instanceof StartError ? error : new StartError(messageOf(error).replace(/\s+/g, ' '), error instanceof LockHeld ? 'locked' : 'other')
  }
}

async function start(options: StartOptions, open: AsyncDisposableStack): Promise<RunningGate> {
  const dataDir = resolve(options.dataDir)
  const file = options.configFile === undefined ? join(dataDir, 'porch.json') : resolve(options.configFile)
  const clock = systemClock
  const jumped = watchClock(clock)
  const alarms = createAlarms(clock)
  let stopping: Promise<void> | null = null
  const report = (error: unknown) => {
    // A page that asks while the gate stops has no answer to get.
    if (stopping !== null && messageOf(error) === STORE_CLOSED) return
    process.stderr.write(`porch: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    alarms.raise('trouble', 'critical', `Something went wrong in Porch itself (the gate goes on): ${messageOf(error)}`)
  }

  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartError(`the data folder ${dataDir} cannot be used: ${messageOf(error)}`)
  }
  const opened = openSettings({ file, mayBeMissing: options.configFile === undefined, dataDir, clock, alarms })
  if (!opened.ok) throw new StartError(opened.problems.join('; '), 'settings')
  const settings = opened.value
  open.defer(() => settings.close())
  const { practice, console: consoleAddress } = settings.current()

  const lock = await takeLock(dataDir)
  open.defer(() => lock.release())
  const store = await createStore({ dataDir, clock, alarms, retentionDays: () => settings.current().retentionDays })
  open.defer(() => store.close())
  open.defer(await watchTorn(dataDir, store, alarms))
  await notePeriod(store, clock, practice)
  const rules = await createRules({ store, clock, alarms })
  open.defer(() => rules.close())
  const strikes = await createStrikes({ store, rules, clock, alarms, terms: () => settings.current().bans, observing: () => settings.mode().mode === 'observe' })
  open.defer(() => strikes.close())
  rules.onForgiven((scope) => strikes.forgive(scope))
  const graceStore = await createGraces(store, alarms, clock)
  const tally = createTally(clock, store)
  const hub = createLiveHub(clock)
  open.defer(() => hub.close())
  open.defer(giveBackMemory())
  const listeners = new Set<(session: SessionRecord) => void>()

  const resolver = createResolver({ settings: () => settings.current().dns, clock })
  open.defer(() => resolver.close())
  const gather = createGatherer(resolver, clock)
  const rdap = createRdap({ dataDir, clock, settings: () => registriesOf(settings.current()) })
  open.defer(() => rdap.close())
  const registered = await createRegisteredNetworks({ rdap, rules, store, clock, isOn: () => registriesOf(settings.current()) !== null })
  open.defer(() => registered.close())
  const canary = createCanary({
    resolver, clock, settings, alarms,
    remembered: readCanaryMemory(await store.get('canary').catch(() => null)),
    remember: (memory) => void store.put('canary', memory).catch(() => undefined),
  })
  open.defer(() => canary.close())
  const mailbox = practice ? await createMailbox(join(dataDir, 'mailbox')) : null
  if (mailbox !== null) open.defer(() => mailbox.close())
  const backend = createBackend({ settings, alarms, clock, address: mailbox?.address })
  open.defer(() => backend.close())
  const certificate = await openCertificate({ dataDir, hostname: () => settings.current().hostname, own: settings.current().tls, alarms, clock })
  open.defer(() => certificate.close())
  open.defer(settings.onChange(() => void certificate.check()))

  const sampleGather = practice ? createGatherer(createSampleResolver(clock), clock) : null
  const gatherFor = (client: string) => (sampleGather !== null && isSampleSender(client) ? sampleGather : gather)
  const password = createPasswordKeeper({ dataDir, settings: () => settings.current(), seal: options.seal ?? null })
  const office = await createOffice({
    dataDir, store, password: () => password.read(), settings: () => settings.current(), resolver, rdap, clock, alarms, onError: report,
    recheck: (session) => recheckSession({ gatherFor, resolver, rules, strikes, settings, clock, onError: report }, session, true),
  })
  open.defer(() => office.close())
  const post = await createAdminPost({
    store, settings: () => settings.current(), alarms, clock, offset: localOffset, outbox: office.desk.outbox, rules, password: () => password.read(),
    proposals: () => worthWriting({ ...office.desk, store, rules }),
  })
  open.defer(() => post.close())
  const looked = (result: Recheck) => office.watch.looked(result)
  const banLinks = await keptBanLinks(store)
  const probes = createOwnProbes()
  const probeLink: typeof openLink = (endpoint, ms) => openLink(endpoint, ms, probes.add)
  const gateDeps: GateDeps = {
    clock, settings, gather, backend, rules, alarms, graceStore, strikes, certificate, probes, banPage: settings.current().helpPage === undefined ? undefined : (scope) => banLinks.path(scope),
    noticeMailbox: (address) => office.watch.mailbox(address),
    newId: () => newSessionId(clock.now()),
    onTrouble: report,
    onSession(entry) {
      store.record(entry)
      tally.count(entry.session)
      hub.publish(entry.session, false)
      for (const listener of listeners) listener(entry.session)
      office.watch.finished(entry.session)
    },
  }
  // The canary is about the shop's own DNS; the sample senders have another one.
  const pause = createPause(clock)
  open.defer(() => pause.close())
  const main = await atKey('listen', file, createGate({ ...gateDeps, canaryRed: () => canary.isRed(), pause }))
  let graceMs = STOP_MS
  open.defer(() => main.stop(graceMs))
  const samples = sampleGather === null ? null : await createSampleGate(gateDeps, sampleGather)
  if (samples !== null) open.defer(() => samples.stop(0))
  const gate = samples === null ? main : both(main, samples)
  hub.watchOpen(gate)

  const examined: DoctorDeps = { ...doctorDeps(dataDir, () => settings.current(), resolver, gather), openLink: probeLink, gate: { addresses: () => main.addresses, probing: probes.add, canary, store, jumped } }
  const daily = await createDaily({ store, alarms, clock, settings, onError: report, examine: (signal, onCheck) => examine(examined, signal, onCheck) })
  open.defer(() => daily.close())
  const pulse = createPulse()
  open.defer(() => pulse.close())
  const player = samples === null ? null : createPlayer({ target: () => endpointOf(samples), clock })
  if (player !== null) open.defer(() => player.stop())
  const router = createRouter({
    version: VERSION, settingsFile: file, settingsSource: settings.source, clock, store, rules, strikes, settings, alarms, gate, backend, resolver, canary, gather, rdap, registered, desk: office.desk, password, looked, daily, hub, tally, pulse, onError: report,
    gatherFor,
    relaunch: options.relaunch ?? null, openLink: probeLink, pause,
    practice: player === null || mailbox === null ? null : {
      play: () => Promise.resolve(player.start()),
      playing: () => player.playing(),
      mailbox: () => mailbox.list(),
      message: (name) => mailbox.read(name),
    },
  })
  const helpListen = settings.current().helpPage?.listen
  const help = helpListen === undefined ? null : await atKey('helpPage.listen', file, startHelp(helpListen, {
    clock, store, rules, resolver, settings, links: banLinks, words: shopWords(dataDir), onError: report,
    recheck: (entry) => checkAgain({ looked, gatherFor, resolver, rules, strikes, settings, clock, store, onError: report }, entry),
  }))
  if (help !== null) {
    open.defer(() => help.close())
    settings.helpListens(help.url)
  }
  const metrics = createMetrics({ version: VERSION, gate, tally, resolver, canary, backend, store, hub })
  open.defer(() => metrics.close())
  // A full disk keeps no new token: then one for this run.
  const before = options.again === undefined ? null : new URL(options.again.console)
  const token = await keptToken(dataDir).catch(() => before?.searchParams.get('token') ?? newToken())
  const server = await atKey('console', file, startConsole({ listen: samePort(consoleAddress, before), page: options.page, token, router, metrics: () => metrics.text(), onError: report }))
  open.defer(() => server.close())
  open.defer(await stayAnnounced(dataDir, { pid: process.pid, url: server.url, token }, alarms, { groupAccess: options.groupAccess }))
  if (options.demo === true) player?.repeat()
  // What came due while no gate ran.
  void office.mailer.run()
  void office.watch.run()
  void post.run()

  return {
    ready: { event: 'ready', smtp: main.addresses, console: server.address, metrics: server.metricsAddress, ...(help === null ? {} : { help: help.url }), data: dataDir, version: VERSION },
    router,
    alarms,
    settings,
    onSession(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    report,
    underWay: () => main.underWay?.() ?? 0,
    stop(patience = STOP_MS) {
      graceMs = patience
      return (stopping ??= open.disposeAsync())
    },
    // A second stop of the gate cuts the first one's patience short.
    hurry: () => void main.stop(0).catch(report),
  }
}

/** What cannot listen names its key and the file to change: who starts a gate may not know that there is one. */
function atKey<T>(key: string, file: string, starting: Promise<T>): Promise<T> {
  return starting.catch((error: unknown) => {
    throw new StartError(`${messageOf(error).replace(/\s+/g, ' ')}; to listen elsewhere, change "${key}" in ${file}`)
  })
}

/** A free port was asked for: the one from before, which open pages know. */
function samePort(listen: string, before: URL | null): string {
  return before === null || !listen.endsWith(':0') ? listen : `${listen.slice(0, -1)}${before.port}`
}

/** The ephemeral listener of the sample senders: addresses come by PROXY, DNS answers from the samples. */
function createSampleGate(deps: GateDeps, gather: GatherPort): Promise<GatePort> {
  return createGate({
    ...deps,
    // Nobody is banned for playing the same scene again.
    strikes: undefined,
    gather,
    newId: () => newSessionId(deps.clock.now(), true),
    overrides: { listen: ['127.0.0.1:0'], proxyProtocolFrom: ['127.0.0.0/8'] },
  })
}

function endpointOf(gate: GatePort): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port: Number(gate.addresses[0]?.split(':').at(-1)) }
}
