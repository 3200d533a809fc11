/**
 * Check again (POLICY, Bans and Gathering): asks DNS anew for a client and EHLO name, bypassing the cache, judges by the rules in
 * force, and if all is in order lets the host in: its cached answers and strikes are dropped, and the automatic ban of exactly
 * its scope is lifted. A ban made by hand is the admin's and stays. The help page, the console and the follow-up of notices use it.
 */
import type { Evidence } from '../shared/dns/evidence.ts'
import type { Rule } from '../shared/events.ts'
import { judge } from '../shared/gate/verdict.ts'
import type { Judgement } from '../shared/gate/verdict.ts'
import { clientScope, parseAddress } from '../shared/net/ip.ts'
import type { Address } from '../shared/net/ip.ts'
import { judgeContext } from './console/check.ts'
import type { EffectiveSettings, GatherPort, ResolverPort, RulesPort } from './ports.ts'
import type { Strikes } from './store/strikes.ts'

export interface RecheckDeps {
  readonly gather: GatherPort
  readonly resolver: Pick<ResolverPort, 'forget'>
  readonly rules: Pick<RulesPort, 'match' | 'remove'>
  readonly strikes: Pick<Strikes, 'forgive'>
  readonly settings: { current(): EffectiveSettings }
}

export interface Recheck {
  readonly evidence: Evidence
  readonly judgement: Judgement
  readonly release: Release | null
}

/** What was done for a host that passes. */
export interface Release {
  /** The automatic ban that was lifted. */
  readonly lifted: Rule | null
  /** A ban that stays: made by hand, or wider than this client. */
  readonly stays: Rule | null
}

/** `client`: an address that `parseAddress` reads (else a RangeError). `ehlo` null: none was said; then it is judged as malformed, as at the gate. */
export async function recheck(deps: RecheckDeps, client: string, ehlo: string | null): Promise<Recheck> {
  const address = parseAddress(client)
  if (address === null) throw new RangeError(`not an address: ${client}`)
  const gathering = deps.gather.begin(address.text, { fresh: true })
  try {
    const evidence = await gathering.ehloSide(ehlo ?? '')
    const judgement = judge(evidence, judgeContext(deps.settings.current()))
    return { evidence, judgement, release: judgement.verdict === 'accept' ? await release(deps, address) : null }
  } finally {
    gathering.stop()
  }
}

async function release(deps: RecheckDeps, client: Address): Promise<Release> {
  const { rules, strikes, resolver } = deps
  const network = clientScope(client)
  const own = rules.match(client).ban
  const removed = own?.by === 'auto' && own.scope === network.text ? await rules.remove('ban', own.scope) : null
  strikes.forgive({ kind: 'network', network, text: network.text })
  resolver.forget(client.text)
  return { lifted: removed?.ok === true ? removed.rule : null, stays: rules.match(client).ban }
}
