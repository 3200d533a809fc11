/** The rules of the console's double: an array that tests may read and fill, with the procedures of shared/api/rulework.ts over it. */
import { watchRules } from '../../electron/console/rulewatch.ts'
import type { Impact, RuleNews, Sender, SuggestionList } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind, SessionRecord } from '../../shared/events.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { isHostName } from '../../shared/net/domain.ts'
import { clientScope, contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'

type Refused = { readonly ok: false; readonly problem: string }

export class ConsoleRules {
  readonly all: Rule[] = []
  readonly dismissed = new Set<string>()
  suggested: SuggestionList['open'] = []
  /** Milliseconds that each piece of work takes, for what is shown meanwhile. */
  slow = 0
  readonly #calls: string[]
  readonly #sessions: () => readonly SessionRecord[]
  readonly #listeners = new Set<() => void>()

  constructor(calls: string[], sessions: () => readonly SessionRecord[]) {
    this.#calls = calls
    this.#sessions = sessions
  }

  watch(signal: AbortSignal): AsyncGenerator<RuleNews> {
    const port = {
      list: () => [...this.all],
      onChange: (listener: () => void) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
    return watchRules(port, signal, 200)
  }

  add(input: { kind: RuleKind; scope: string; forMs?: number | null | undefined; reason: string }): { readonly ok: true; readonly rule: Rule } | Refused {
    const parsed = scopeOf(input.kind, input.scope)
    if (!parsed.ok) return parsed
    const until = input.forMs === null || input.forMs === undefined ? null : new Date(Date.now() + input.forMs).toISOString()
    const rule: Rule = { kind: input.kind, scope: parsed.scope, reason: input.reason, by: 'admin', since: new Date().toISOString(), until, hits: 0 }
    this.#calls.push(`add ${rule.kind} ${rule.scope} ${input.forMs}`)
    this.put(rule)
    return { ok: true, rule }
  }

  async import(rules: readonly { kind: RuleKind; scope: string; reason: string; until?: string | null | undefined }[]): Promise<{ readonly ok: true; readonly added: number }> {
    await this.#wait()
    const index = new Map(this.all.map((rule, at) => [`${rule.kind} ${rule.scope}`, at]))
    for (const { kind, scope, reason, until } of rules) {
      const rule: Rule = { kind, scope, reason, by: 'admin', since: new Date().toISOString(), until: until === undefined ? new Date(Date.now() + 96 * 3_600_000).toISOString() : until, hits: 0 }
      const at = index.get(`${kind} ${scope}`)
      if (at === undefined) this.all.push(rule)
      else this.all[at] = rule
    }
    this.#tell()
    return { ok: true, added: rules.length }
  }

  remove(kind: RuleKind, scope: string): { readonly ok: true; readonly rule: Rule } | Refused {
    const index = this.all.findIndex((rule) => rule.kind === kind && rule.scope === scope)
    if (index < 0) return { ok: false, problem: `There is no such rule: ${scope}` }
    this.#calls.push(`remove ${kind} ${scope}`)
    const [rule] = this.all.splice(index, 1)
    this.#tell()
    return { ok: true, rule: rule! }
  }

  async lift(wanted: readonly { kind: RuleKind; scope: string }[]): Promise<{ readonly removed: readonly Rule[]; readonly problem: null }> {
    await this.#wait()
    const keys = new Set(wanted.map(({ kind, scope }) => `${kind} ${scope}`))
    const isWanted = (rule: Rule) => keys.has(`${rule.kind} ${rule.scope}`)
    const removed = this.all.filter(isWanted)
    const kept = this.all.filter((rule) => !isWanted(rule))
    this.all.length = 0
    for (const rule of kept) this.all.push(rule)
    this.#calls.push(`lift ${wanted.length}`)
    this.#tell()
    return { removed, problem: null }
  }

  async restore(rules: readonly Rule[]): Promise<{ readonly ok: true; readonly restored: number }> {
    await this.#wait()
    for (const rule of rules) this.put(rule)
    return { ok: true, restored: rules.length }
  }

  edit(input: { kind: RuleKind; scope: string; reason: string; forMs?: number | null | undefined }): { readonly ok: true; readonly rule: Rule; readonly before: Rule } | Refused {
    const before = this.all.find((rule) => rule.kind === input.kind && rule.scope === input.scope)
    if (before === undefined) return { ok: false, problem: `${input.scope} is not there any more` }
    const until = input.forMs === undefined ? before.until : input.forMs === null ? null : new Date(Date.now() + input.forMs).toISOString()
    const rule: Rule = { ...before, by: 'admin', reason: input.reason, until }
    this.put(rule)
    return { ok: true, rule, before }
  }

  impact(kind: RuleKind, scope: string): ({ readonly ok: true } & Impact) | Refused {
    const parsed = scopeOf(kind, scope)
    if (!parsed.ok) return parsed
    const network = parseNetwork(parsed.scope)
    const within = this.#sessions().slice(-5000).filter((record) => (network === null ? record.verifiedName !== null && (record.verifiedName === parsed.scope || record.verifiedName.endsWith(parsed.scope)) : contains(network, parseAddress(record.client)!)))
    const refused = within.filter(({ disposition }) => disposition === 'rejected' || disposition === 'deferred')
    return { ok: true, scope: parsed.scope, wouldHit: goodOf(within), refused: { sessions: refused.length, clients: new Set(refused.map(({ client }) => client)).size, atLeast: false } }
  }

  goodSenders(): readonly Sender[] {
    return goodOf(this.#sessions())
  }

  suggestions(): SuggestionList {
    const isDismissed = (suggestion: Suggestion) => this.dismissed.has(`${suggestion.kind} ${suggestion.scope}`)
    const isDone = ({ kind, scope }: Suggestion) => {
      const has = (ruleKind: RuleKind) => this.all.some((rule) => rule.kind === ruleKind && rule.scope === scope)
      return kind === 'lift-unused' ? !has('ban') : has(kind === 'allow-provider' ? 'allow' : 'ban')
    }
    const all = this.suggested.filter((suggestion) => !isDone(suggestion))
    const open = all.filter((suggestion) => !isDismissed(suggestion))
    const counts = { 'ban-network': 0, 'lift-unused': 0, 'ban-correspondent': 0, 'allow-provider': 0 }
    for (const { kind } of open) counts[kind] += 1
    return { open, counts, dismissed: all.filter(isDismissed) }
  }

  dismiss(kind: string, scope: string, dismissed: boolean): { readonly ok: true } {
    if (dismissed) this.dismissed.add(`${kind} ${scope}`)
    else this.dismissed.delete(`${kind} ${scope}`)
    return { ok: true }
  }

  /** A rule as the gate itself makes one: consoles hear of it. */
  put(rule: Rule): void {
    const at = this.all.findIndex((each) => each.kind === rule.kind && each.scope === rule.scope)
    if (at < 0) this.all.push(rule)
    else this.all[at] = rule
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  async #wait(): Promise<void> {
    if (this.slow > 0) await new Promise((resolve) => setTimeout(resolve, this.slow))
  }
}

function goodOf(sessions: readonly SessionRecord[]): Sender[] {
  const good = new Map<string, Sender>()
  for (const { client, disposition, verifiedName } of sessions) {
    if (disposition === 'accepted') good.set(client, { client, name: verifiedName, sessions: (good.get(client)?.sessions ?? 0) + 1 })
  }
  return [...good.values()].sort((a, b) => b.sessions - a.sessions)
}

function scopeOf(kind: RuleKind, text: string): { readonly ok: true; readonly scope: string } | Refused {
  const network = parseNetwork(text)
  if (network !== null) return { ok: true, scope: kind === 'ban' && !text.includes('/') ? clientScope(network.address).text : network.text }
  if (kind === 'allow' && isHostName(text.replace(/^\./, '')) && text.slice(1).includes('.')) return { ok: true, scope: text.toLowerCase() }
  return { ok: false, problem: `"${text}" is not an address or network; expected one such as 192.0.2.7 or 192.0.2.0/24 (host bits zero)` }
}

export function sampleRule(n: number): Rule {
  const allow = n % 5 === 4
  const until = n % 3 === 0 ? null : new Date(Date.now() + ((n % 90) + 1) * 3_600_000).toISOString()
  const reasons = ['10 strikes in 60 minutes', 'asked three times, never repaired', '', 'customer called']
  return {
    kind: allow ? 'allow' : 'ban', scope: allow && n % 2 === 0 ? `.partner${n}.example` : `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, reason: reasons[n % 4] ?? '',
    by: n % 2 === 0 ? 'auto' : 'admin', since: new Date(Date.now() - n * 61_000).toISOString(), until, hits: (n * 37) % 5000, ...(n % 4 === 2 ? {} : { lastHit: new Date(Date.now() - ((n * 7919) % 400) * 600_000).toISOString() }),
  }
}
