/** Our own name as others see it: where it leads, and whether each address that is ours leads back and may greet under it. */
import { checkUp, fromFinding } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { canonicalName, isHostName } from '../../shared/net/domain.ts'
import { isLoopback, parseEndpoint } from '../../shared/net/parse.ts'
import { addressesOf, forward, isPublic, lookFromOutside, testName } from '../golive/name.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { recordResolver } from './record.ts'

const MOST_ADDRESSES = 8

export async function examineName(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  const hostname = canonicalName(settings.hostname)
  const resolver = recordResolver(deps.resolver)
  const here = listeningOn(settings, deps.addresses())
  const asked = { gather: deps.gather, resolver, clock: deps.clock, addresses: here }
  const named = isHostName(hostname) && hostname.includes('.') ? (await addressesOf(asked, hostname)) : { addresses: [], temporary: false }
  // Without an address the wizard's words say what is missing, and what to create.
  const found: CheckUp[] = named.addresses.length === 0
    ? (await testName(asked, hostname)).map((finding) => fromFinding('name', finding, { answers: resolver.answers }))
    : [fromFinding('name', forward(asked, hostname, named.addresses), { answers: resolver.answers })]
  const others = ownAddresses(settings, here, named.addresses)
  const looked = await Promise.all(others.slice(0, MOST_ADDRESSES).map((address) => lookAt(deps, address, hostname)))
  return [...found, ...looked]
}

/** Of this machine's addresses those on which the gate takes mail: all of a family, or the ones that are named. */
export function listeningOn(settings: EffectiveSettings, here: readonly string[]): readonly string[] {
  const hosts = settings.listen.flatMap((text) => parseEndpoint(text)?.host ?? [])
  return here.filter((address) => hosts.includes(address) || hosts.includes(address.includes(':') ? '::' : '0.0.0.0'))
}

/** Those that its name leads to, those that it listens on by name, and those that mail may leave from. */
export function ownAddresses(settings: EffectiveSettings, here: readonly string[], named: readonly string[]): readonly string[] {
  const listening = settings.listen.flatMap((text) => parseEndpoint(text)?.host ?? []).filter((host) => host !== '0.0.0.0' && host !== '::' && !isLoopback(host))
  return [...new Set([...named, ...listening, ...here.filter(isPublic)])]
}

async function lookAt({ gather }: DoctorDeps, address: string, hostname: string): Promise<CheckUp> {
  const { finding, standard, answers } = await lookFromOutside(gather, address, hostname)
  const check = fromFinding('name', finding, { answers })
  if (check.level !== 'todo') return check
  // Strict rules refuse many; what the usual ones refuse harms today.
  return standard === 'reject'
    ? { ...check, level: 'bad', says: check.says.replace('refused by strict servers', 'refused by most servers') }
    : check
}

/** All that is public, for the blacklists. */
export async function publicAddresses(deps: DoctorDeps, settings: EffectiveSettings): Promise<{ readonly addresses: readonly string[]; readonly temporary: boolean }> {
  const hostname = canonicalName(settings.hostname)
  const named = isHostName(hostname) && hostname.includes('.') ? await addressesOf(deps, hostname) : { addresses: [], temporary: false }
  return { addresses: ownAddresses(settings, listeningOn(settings, deps.addresses()), named.addresses).filter(isPublic).slice(0, MOST_ADDRESSES), temporary: named.temporary }
}

export function noPublicAddress(temporary: boolean): CheckUp {
  return temporary
    ? checkUp('blacklist', '', 'unknown', 'Which addresses are ours could not be looked up, so no blacklist was asked.', 'Try again when DNS is well.')
    : checkUp('blacklist', 'addresses', 'ok', 'No public address of ours is known, so no blacklist was asked.', 'Behind a router the host name must lead to the public address: then that one is looked for.')
}
