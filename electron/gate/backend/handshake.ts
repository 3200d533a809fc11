/**
 * From the connection to the first MAIL: PROXY header, banner, EHLO, STARTTLS, XCLIENT. Anything but success ends it,
 * whatever the code: it is the gate's trouble, not the client's, who hears 451 (RELIABILITY, Faults).
 */
import { isHostName } from '../../../shared/net/domain.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import type { ReplyStage } from '../../../shared/smtp/backendreply.ts'
import { parseCapabilities } from '../../../shared/smtp/capabilities.ts'
import { proxyHeader } from '../../../shared/smtp/proxyout.ts'
import { xclientCommands } from '../../../shared/smtp/xclient.ts'
import type { BackendCapabilities, ClientIdentity, EffectiveSettings } from '../../ports.ts'
import { replyLine } from './link.ts'
import type { Link } from './link.ts'
import type { BackendTimeouts } from './timeouts.ts'

export interface HandshakeOptions {
  readonly settings: Pick<EffectiveSettings, 'hostname' | 'backendIdentity' | 'backendTls'>
  /** The backend's host, as configured. */
  readonly host: string
  /** Null: the gate comes for itself (a probe). */
  readonly client: ClientIdentity | null
  readonly timeouts: BackendTimeouts
}

/** How the client's identity can go along; `refused`: XCLIENT was demanded, and is not offered. */
export type IdentityWay = 'xclient' | 'proxy' | 'none' | 'unasked' | 'refused'

/** `capabilities` of this session; `offered`: as they stand before XCLIENT, which some servers then offer no more. */
export type Handshake =
  | { readonly kind: 'ready'; readonly capabilities: BackendCapabilities; readonly offered: BackendCapabilities; readonly way: IdentityWay }
  | { readonly kind: 'failed'; readonly why: string; readonly way: IdentityWay | null }

type Step<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

export async function shakeHands(link: Link, options: HandshakeOptions): Promise<Handshake> {
  const { settings, client, timeouts } = options
  const proxied = settings.backendIdentity === 'proxy'
  if (proxied) {
    const header = proxyHeader(client ?? link.ends())
    if (header === null) return failed('cannot be told the client’s address by PROXY')
    link.say(header)
  }
  const banner = await success(link, null, 'banner', timeouts.banner)
  if (!banner.ok) return failed(banner.why)
  const name = proxied && client !== null ? clientGreeting(client) : settings.hostname
  const greeted = await ehlo(link, name, timeouts)
  if (!greeted.ok) return failed(greeted.why)
  const secured = await startTls(link, greeted.value, name, options)
  if (!secured.ok) return failed(secured.why)
  const offered = secured.value
  const way = wayOf(settings.backendIdentity, offered)
  if (way === 'refused') return { kind: 'failed', why: 'does not offer XCLIENT, which backendIdentity demands', way }
  if (way !== 'xclient' || client === null) return { kind: 'ready', capabilities: offered, offered, way }
  const told = await introduce(link, client, offered, timeouts)
  return told.ok ? { kind: 'ready', capabilities: told.value, offered, way } : { kind: 'failed', why: told.why, way }
}

function failed(why: string): Handshake {
  return { kind: 'failed', why, way: null }
}

/** CONTRACT, backendIdentity: not set, XCLIENT if it is offered, else none (with a warning). */
function wayOf(wanted: EffectiveSettings['backendIdentity'], offered: BackendCapabilities): IdentityWay {
  const possible = offered.xclient.includes('ADDR')
  switch (wanted) {
    case 'proxy':
      return 'proxy'
    case 'none':
      return 'unasked'
    case 'xclient':
      return possible ? 'xclient' : 'refused'
    case undefined:
      return possible ? 'xclient' : 'none'
  }
}

async function startTls(link: Link, offered: BackendCapabilities, name: string, options: HandshakeOptions): Promise<Step<BackendCapabilities>> {
  const { settings, timeouts } = options
  if (settings.backendTls === 'never') return { ok: true, value: offered }
  if (!offered.startTls) {
    return settings.backendTls === 'offered' ? { ok: true, value: offered } : { ok: false, why: 'does not offer STARTTLS, which backendTls requires' }
  }
  const agreed = await success(link, 'STARTTLS', 'starttls', timeouts.handshake)
  if (!agreed.ok) return agreed
  const trouble = await link.secure(options.host, timeouts.handshake)
  if (trouble !== null) return { ok: false, why: trouble }
  return ehlo(link, name, timeouts)
}

/** XCLIENT; after each command the backend starts afresh, with its greeting as the reply, and EHLO is said again in the client's name. */
async function introduce(link: Link, client: ClientIdentity, offered: BackendCapabilities, timeouts: BackendTimeouts): Promise<Step<BackendCapabilities>> {
  let capabilities = offered
  for (const command of xclientCommands(client, offered.xclient)) {
    const taken = await success(link, command, 'xclient', timeouts.handshake)
    if (!taken.ok) return taken
    const greeted = await ehlo(link, clientGreeting(client), timeouts)
    if (!greeted.ok) return greeted
    capabilities = greeted.value
  }
  return { ok: true, value: capabilities }
}

async function ehlo(link: Link, name: string, timeouts: BackendTimeouts): Promise<Step<BackendCapabilities>> {
  const reply = await success(link, `EHLO ${name}`, 'ehlo', timeouts.handshake)
  return reply.ok ? { ok: true, value: parseCapabilities(reply.value) } : reply
}

async function success(link: Link, line: string | null, stage: ReplyStage, ms: number): Promise<Step<readonly string[]>> {
  const outcome = await link.command(line, stage, ms)
  if (outcome.kind === 'failed') return { ok: false, why: outcome.why }
  const asked = line === null ? 'the connection' : (line.split(' ')[0] ?? '')
  if (outcome.reply.code >= 400) return { ok: false, why: `answered ${asked} with ${replyLine(outcome.reply)}` }
  return { ok: true, value: outcome.reply.lines }
}

/** The client's own EHLO name where it can be repeated, else its address: the backend's log should not show the gate as every client. */
function clientGreeting(client: ClientIdentity): string {
  const literal = /^\[(?:IPv6:)?([0-9a-f:.]{2,45})\]$/i.exec(client.ehlo)
  if (isHostName(client.ehlo) || (literal !== null && parseAddress(literal[1] ?? '') !== null)) return client.ehlo
  return client.address.includes(':') ? `[IPv6:${client.address}]` : `[${client.address}]`
}
