/**
 * The mail server behind the gate. Promises: each passed client gets a connection of its own; what the backend can do is
 * probed at the start, every minute and sooner after trouble, and remembered while it is down; its state is told to the
 * console and heals by itself.
 */
import { endpointText, parseEndpoint } from '../../../shared/net/parse.ts'
import type { Endpoint } from '../../../shared/net/parse.ts'
import type { AlarmsPort, BackendCapabilities, BackendPort, ClientIdentity, Clock, EffectiveSettings, SettingsPort } from '../../ports.ts'
import { shakeHands } from './handshake.ts'
import type { IdentityWay } from './handshake.ts'
import { openLink } from './link.ts'
import type { Link } from './link.ts'
import { createSession } from './session.ts'
import { BACKEND_TIMEOUTS } from './timeouts.ts'
import type { BackendTimeouts } from './timeouts.ts'

export interface BackendDeps {
  readonly settings: SettingsPort
  readonly alarms: AlarmsPort
  readonly clock: Clock
  /** "host:port" instead of the settings' backend (practice: the mailbox). */
  readonly address?: string
  readonly timeouts?: Partial<BackendTimeouts>
}

type Opened =
  | { readonly kind: 'open'; readonly link: Link; readonly capabilities: BackendCapabilities; readonly offered: BackendCapabilities }
  | { readonly kind: 'failed'; readonly why: string }

export function createBackend(deps: BackendDeps): BackendPort {
  const { settings, alarms, clock } = deps
  const timeouts: BackendTimeouts = { ...BACKEND_TIMEOUTS, ...deps.timeouts }
  let remembered: BackendCapabilities | null = null
  let health: ReturnType<BackendPort['health']> = { up: false, since: clock.now(), why: 'has not answered yet', latencyMs: null }
  let target = targetOf(settings.current(), deps.address)
  let probeTimer: NodeJS.Timeout | undefined
  let probeDue = Infinity
  let probing = false
  let way: IdentityWay | null = null
  let retryMs = timeouts.retry[0]
  let closed = false

  const up = (latencyMs: number) => {
    health = { up: true, since: health.up ? health.since : clock.now(), why: null, latencyMs }
    retryMs = timeouts.retry[0]
    alarms.clear('backend-down')
  }

  const down = (why: string) => {
    health = { up: false, since: health.up ? clock.now() : health.since, why, latencyMs: health.latencyMs }
    if (!probing) schedule(retryMs)
  }

  /** Connection, banner, EHLO, STARTTLS, identity; for a client or, with null, for the gate itself. */
  const open = async (client: ClientIdentity | null): Promise<Opened> => {
    const current = settings.current()
    const endpoint = endpointOf(current, deps.address)
    if (endpoint === null) return { kind: 'failed', why: 'is not configured' }
    const asked = target
    const started = clock.monotonic()
    const opened = await openLink(endpoint, timeouts.connect)
    const hands = opened.kind === 'failed' ? { ...opened, way: null } : await shakeHands(opened.link, { settings: current, host: endpoint.host, client, timeouts })
    // An answer of what was the backend until a moment ago says nothing of the present one.
    if (asked === target && !closed) {
      if (hands.way !== null && hands.way !== way) tellIdentity(alarms, hands.way)
      way = hands.way ?? way
      if (hands.kind === 'ready') up(clock.monotonic() - started)
      else {
        down(hands.why)
        alarms.raise('backend-down', 'critical', `The mail server ${endpointText(endpoint.host, endpoint.port)} ${hands.why}. Senders are told to try again later.`)
      }
    }
    if (opened.kind === 'failed') return opened
    if (hands.kind === 'ready') return { kind: 'open', link: opened.link, capabilities: hands.capabilities, offered: hands.offered }
    opened.link.kill(hands.why)
    return { kind: 'failed', why: hands.why }
  }

  const probe = async () => {
    if (probing || closed) return
    probing = true
    clearTimeout(probeTimer)
    probeDue = Infinity
    const asked = target
    const opened = await open(null)
    if (opened.kind === 'open') {
      if (asked === target) remembered = opened.offered
      opened.link.bye(timeouts.quit)
    }
    probing = false
    if (asked !== target) void probe()
    else if (opened.kind === 'open') schedule(timeouts.probe)
    else {
      schedule(retryMs)
      retryMs = Math.min(retryMs * 2, timeouts.retry[1])
    }
  }

  /** The next probe in `ms`, unless one is due before: failing sessions must not push it away. */
  const schedule = (ms: number) => {
    const due = clock.monotonic() + ms
    if (closed || due >= probeDue) return
    clearTimeout(probeTimer)
    probeDue = due
    probeTimer = setTimeout(() => void probe(), ms)
    probeTimer.unref()
  }

  const trouble = (why: string) => {
    down(why)
    alarms.raise('backend-trouble', 'warning', `The mail server ${why}. That sender was told to try again later.`)
  }

  const stopListening = settings.onChange((changed) => {
    const next = targetOf(changed, deps.address)
    if (next === target) return
    target = next
    remembered = null
    health = { up: false, since: clock.now(), why: 'has not answered yet', latencyMs: null }
    void probe()
  })
  void probe()

  return {
    capabilities: () => remembered,
    health: () => health,
    async connect(identity) {
      const opened = await open(identity)
      if (opened.kind === 'failed') return opened
      remembered ??= opened.offered
      const onDelivered = () => { alarms.clear('backend-trouble') }
      return { kind: 'open', session: createSession(opened.link, { capabilities: opened.capabilities, timeouts, onTrouble: trouble, onDelivered }) }
    },
    close() {
      closed = true
      stopListening()
      clearTimeout(probeTimer)
    },
  }
}

function endpointOf(settings: EffectiveSettings, override: string | undefined): Endpoint | null {
  const text = override ?? settings.backend
  return text === undefined ? null : parseEndpoint(text, { names: true })
}

/** All that decides what a probe finds: when it changes, what was remembered is worth nothing. */
function targetOf(settings: EffectiveSettings, override: string | undefined): string {
  return JSON.stringify([override ?? settings.backend ?? null, settings.backendIdentity ?? null, settings.backendTls, settings.hostname])
}

function tellIdentity(alarms: AlarmsPort, way: IdentityWay): void {
  if (way === 'refused') alarms.raise('backend-xclient', 'critical', 'backendIdentity is "xclient", but the mail server does not offer XCLIENT to this gate. Senders are told to try again later.')
  else alarms.clear('backend-xclient')
  if (way === 'none') {
    alarms.raise('backend-identity', 'warning',
      'The mail server does not offer XCLIENT, so it sees the gate’s address instead of the senders’. Allow XCLIENT for the gate, or set backendIdentity to "proxy" or "none".')
  } else alarms.clear('backend-identity')
}
