/**
 * The wizard's look at the gate's own name: does it lead here, does the address lead back, and would a gate with house
 * rules take mail from this machine under that name? If not: the records to create.
 */
import type { Finding } from '../../shared/golive.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import type { VerdictKind } from '../../shared/events.ts'
import { judge } from '../../shared/gate/verdict.ts'
import type { JudgeContext } from '../../shared/gate/verdict.ts'
import { canonicalName, isHostName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { Address } from '../../shared/net/ip.ts'
import { isLoopback } from '../../shared/net/parse.ts'
import { advise } from '../../shared/notice/advice.ts'
import { remedyLines } from '../../shared/notice/remedy.ts'
import type { GatherPort, ResolverPort } from '../ports.ts'
import { finding, unsure } from './finding.ts'

export interface NameDeps {
  readonly gather: GatherPort
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly clock: { monotonic(): number }
  /** Of this machine. */
  readonly addresses: readonly string[]
}

const ASK_MS = 8000
const MOST_ADDRESSES = 4

export async function testName(deps: NameDeps, typed: string): Promise<readonly Finding[]> {
  const name = canonicalName(typed.trim())
  if (name === '') return [finding('name', 'bad', 'No host name is given.', 'Type the name that your MX record says, such as mx.shop.example.')]
  if (!isHostName(name)) return [finding('name', 'bad', `“${name}” is not a host name.`, 'Letters, digits, hyphens and dots, such as mx.shop.example.')]
  if (!name.includes('.')) return [finding('name', 'bad', `“${name}” is one word: other mail servers want a full name.`, 'Such as mx.shop.example.')]
  const { addresses, temporary } = await addressesOf(deps, name)
  if (addresses.length === 0) {
    return [temporary
      ? unsure('forward', `${name} could not be looked up for now.`, 'Is the name server of this machine well? Test again.')
      : finding('forward', 'bad', `${name} has no address.`, 'Create it at your DNS provider, with the address under which the Internet reaches this machine:', deps.addresses.filter(isPublic).slice(0, 2).map((address) => `${name}. IN ${address.includes(':') ? 'AAAA' : 'A'} ${address}`))]
  }
  const found = [forward(deps, name, addresses)]
  for (const address of addresses.slice(0, MOST_ADDRESSES)) found.push((await lookFromOutside(deps.gather, address, name)).finding)
  return found
}

/** A and AAAA of a name, fresh. */
export async function addressesOf(deps: Pick<NameDeps, 'resolver' | 'clock'>, name: string): Promise<{ readonly addresses: readonly string[]; readonly temporary: boolean }> {
  const answers: Answer[] = await Promise.all((['A', 'AAAA'] as const).map((type) => deps.resolver.resolve({ name, type }, { deadline: deps.clock.monotonic() + ASK_MS, fresh: true })))
  return { addresses: answers.flatMap(({ records }) => records), temporary: answers.some(({ status }) => isTemporary(status)) }
}

export interface Led {
  readonly host: string
  readonly addresses: readonly string[]
  readonly temporary: boolean
}

/** Which of a domain's mail hosts are this machine: by its name, or by another one that has its address. `here`: its addresses. */
export async function whereLed(deps: Pick<NameDeps, 'resolver' | 'clock'>, hosts: readonly string[], own: string, here: ReadonlySet<string>): Promise<{ readonly here: readonly Led[]; readonly elsewhere: readonly Led[] }> {
  const led = await Promise.all(hosts.map(async (host) => ({ host, ...(await addressesOf(deps, host)) })))
  const isHere = ({ host, addresses }: Led) => host === own || addresses.some((address) => here.has(address))
  return { here: led.filter(isHere), elsewhere: led.filter((one) => !isHere(one)) }
}

export function forward({ addresses: own }: Pick<NameDeps, 'addresses'>, name: string, addresses: readonly string[]): Finding {
  const shown = addresses.join(', ')
  if (addresses.some((address) => own.includes(address))) return finding('forward', 'good', `${name} leads to ${shown}: that is this machine.`)
  if (addresses.every((address) => isLoopback(address))) return finding('forward', 'note', `${name} leads to ${shown}: only programs on this machine find the gate under it.`, 'That is right for a trial.')
  return own.some(isPublic)
    ? finding('forward', 'warning', `${name} leads to ${shown}; this machine has ${own.filter(isPublic).join(', ')}.`, 'If a firewall passes port 25 on from there to here, all is well. Else correct the record.')
    : finding('forward', 'note', `${name} leads to ${shown}. This machine has no public address of its own, so a router or firewall must pass port 25 on from there to here.`, null)
}

/** As gates elsewhere would judge a greeting with this name from this address; `standard`: what the usual rules say of it. */
export async function lookFromOutside(gather: GatherPort, address: string, name: string): Promise<{ readonly finding: Finding; readonly standard: VerdictKind; readonly answers: readonly Answer[] }> {
  const context: JudgeContext = { rules: 'house', hostname: 'porch.invalid', domains: [], ourAddresses: [] }
  const gathering = gather.begin(address, { fresh: true })
  try {
    const evidence = await gathering.ehloSide(name)
    return { finding: seenFromOutside(evidence, context, name), standard: judge(evidence, { ...context, rules: 'standard' }).verdict, answers: [...evidence.answers.values()] }
  } finally {
    gathering.stop()
  }
}

function seenFromOutside(evidence: Evidence, context: JudgeContext, name: string): Finding {
  const address = evidence.client
  const { verdict, iprev, ptrNames, verifiedNames, findings } = judge(evidence, context)
  const id = `reverse ${address}`
  if (verdict === 'accept') return finding(id, 'good', `${address} leads back to ${verifiedNames[0] ?? name}. Other mail servers, strict ones too, will take mail from it under this name.`)
  if (verdict === 'tempfail') return unsure(id, `The reverse name of ${address} could not be looked up for now.`, 'Test again in a while.')
  const [remedy] = advise(evidence, context, null)
  const says = iprev === 'permerror' ? `${address} has no reverse name.`
    : iprev === 'fail' ? `The reverse name ${ptrNames[0] ?? ''} of ${address} does not lead back to it.`
    : findings.includes('ehlo-bare-domain') ? `${name} is a bare domain: strict servers want a host name, such as mx.${name}.`
    : `Strict servers would refuse the greeting ${name} from ${address}.`
  return finding(id, isPublic(address) ? 'warning' : 'note', `${says} Mail that leaves your shop from there would be refused by strict servers.`, remedy === undefined ? null : `${remedy.title}. The reverse name is made by the owner of the address (your ISP or data centre):`, remedy === undefined ? [] : remedyLines(remedy))
}

const NOT_PUBLIC = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '::/127', 'fc00::/7', 'fe80::/10'].flatMap((text) => parseNetwork(text) ?? [])

export function isPublic(text: string): boolean {
  const address: Address | null = parseAddress(text)
  return address !== null && !NOT_PUBLIC.some((network) => contains(network, address))
}
