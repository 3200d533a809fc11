/**
 * All bans and whitelist entries as the console knows them, ready for questions: which rule holds for a client, for a name,
 * around a network, inside it. Changed in place as the gate tells of changes; the cost of a change does not depend on how many there are.
 */
import type { Rule, RuleKind } from '../../shared/events.ts'
import { PrefixMap } from '../../shared/gate/prefixes.ts'
import { readScope } from '../../shared/gate/scope.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { contains, parseAddress } from '../../shared/net/ip.ts'
import type { Address, Network } from '../../shared/net/ip.ts'

export const keyOfRule = ({ kind, scope }: Pick<Rule, 'kind' | 'scope'>): string => `${kind} ${scope}`

/** The rules that hold for one client; the whitelist wins. */
export interface Match {
  readonly ban: Rule | null
  readonly allow: Rule | null
}

/** For a row: the whitelist beats a ban. */
export const standingWord = ({ ban, allow }: Match): 'banned' | 'allowed' | null => (allow !== null ? 'allowed' : ban !== null ? 'banned' : null)

const any = () => true

export class RuleBook {
  readonly rules = new Map<string, Rule>()
  readonly #networks = { ban: new PrefixMap<string>(), allow: new PrefixMap<string>() }
  readonly #names = new Map<string, string>()
  readonly #counts = { ban: 0, allow: 0 }

  count(kind: RuleKind): number {
    return this.#counts[kind]
  }

  get(kind: RuleKind, scope: string): Rule | null {
    return this.rules.get(keyOfRule({ kind, scope })) ?? null
  }

  put(rule: Rule): void {
    const key = keyOfRule(rule)
    if (!this.rules.has(key)) {
      this.#counts[rule.kind] += 1
      const scope = readScope(rule.kind, rule.scope)
      if (scope?.kind === 'network') this.#networks[rule.kind].set(scope.network, key)
      else if (scope?.kind === 'name') this.#names.set(scope.text, key)
    }
    this.rules.set(key, rule)
  }

  remove(kind: RuleKind, scope: string): void {
    if (!this.rules.delete(keyOfRule({ kind, scope }))) return
    this.#counts[kind] -= 1
    const read = readScope(kind, scope)
    if (read?.kind === 'network') this.#networks[kind].delete(read.network)
    else if (read?.kind === 'name') this.#names.delete(read.text)
  }

  /** `client` as in a session; `verifiedName` may match a whitelist entry by name. */
  match(client: string, verifiedName: string | null): Match {
    const address = parseAddress(client)
    if (address === null) return { ban: null, allow: null }
    return { ban: this.#find('ban', address), allow: this.#find('allow', address) ?? (verifiedName === null ? null : this.named(verifiedName)) }
  }

  /** The whitelist entry that this verified name matches, the most specific first. */
  named(verifiedName: string): Rule | null {
    if (this.#names.size === 0) return null
    const name = canonicalName(verifiedName)
    for (let dot = 0; dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const key = this.#names.get(dot === 0 ? name : name.slice(dot))
      if (key !== undefined) return this.rules.get(key) ?? null
    }
    return null
  }

  /** The most specific rule that covers the whole network; itself not counted. */
  around(kind: RuleKind, network: Network): Rule | null {
    return network.prefix === 0 ? null : this.#find(kind, network.address, network.prefix - 1)
  }

  /** Every rule that covers the address. */
  covering(address: Address): Rule[] {
    const found: Rule[] = []
    for (const kind of ['ban', 'allow'] as const) {
      for (let rule = this.#find(kind, address); rule !== null;) {
        found.push(rule)
        const scope = readScope(kind, rule.scope)
        if (scope?.kind !== 'network' || scope.network.prefix === 0) break
        rule = this.#find(kind, address, scope.network.prefix - 1)
      }
    }
    return found
  }

  /** Rules of that kind inside the network; itself not counted. Looks at each: for questions of an admin, not for rows. */
  within(kind: RuleKind, network: Network): Rule[] {
    const found: Rule[] = []
    for (const rule of this.rules.values()) {
      if (rule.kind !== kind) continue
      const scope = readScope(kind, rule.scope)
      if (scope?.kind === 'network' && scope.network.prefix > network.prefix && contains(network, scope.network.address)) found.push(rule)
    }
    return found
  }

  #find(kind: RuleKind, address: Address, maxPrefix = 128): Rule | null {
    const key = this.#networks[kind].find(address, any, maxPrefix)
    return key === null ? null : (this.rules.get(key) ?? null)
  }
}
