/**
 * The settings in force as the SMTP path needs them: networks parsed, domains ready. Computed once per change of the
 * settings, not per connection.
 */
import type { Address, Network } from '../../shared/net/ip.ts'
import { parseCidr } from '../../shared/net/parse.ts'
import type { EffectiveSettings, SettingsPort } from '../ports.ts'
import type { GateDeps } from './deps.ts'

export interface Context {
  readonly settings: EffectiveSettings
  /** The one line of the greeting, without CRLF. */
  readonly banner: readonly [string]
  readonly exempt: readonly Network[]
  readonly proxies: readonly Network[]
  /** Practice with no domains: every recipient is served. */
  readonly acceptAll: boolean
  readonly helpUrl: string | null
}

/** The context of the settings as they are now; the same object as long as they are. */
export function contexts(port: SettingsPort, overrides: GateDeps['overrides']): () => Context {
  let last: Context | null = null
  return () => {
    const settings = port.current()
    if (last?.settings !== settings) last = contextOf(settings, overrides)
    return last
  }
}

function contextOf(settings: EffectiveSettings, overrides: GateDeps['overrides']): Context {
  return {
    settings,
    banner: [`220 ${settings.hostname} ESMTP Porch`],
    exempt: networks(settings.policy.exempt),
    proxies: networks(overrides?.proxyProtocolFrom ?? settings.proxyProtocolFrom),
    acceptAll: settings.practice && settings.allDomains.length === 0,
    helpUrl: settings.helpPage?.url ?? null,
  }
}

function networks(texts: readonly string[]): readonly Network[] {
  return texts.map(parseCidr).filter((network) => network !== null)
}

/** Whether one of a few networks holds the address. */
export function inAny(list: readonly Network[], address: Address): boolean {
  return list.some((network) => network.address.family === address.family && sharesPrefix(network, address))
}

function sharesPrefix(network: Network, address: Address): boolean {
  const whole = network.prefix >> 3
  for (let index = 0; index < whole; index++) {
    if (network.address.bytes[index] !== address.bytes[index]) return false
  }
  const rest = network.prefix & 7
  return rest === 0 || ((network.address.bytes[whole] ?? 0) ^ (address.bytes[whole] ?? 0)) >> (8 - rest) === 0
}
