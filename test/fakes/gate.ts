/**
 * A real gate on a loopback socket, with doubles around it: DNS that answers by kind, a scripted backend, rules in
 * memory, a clock that can be moved. For tests only.
 */
import { EventEmitter, once } from 'node:events'
import { createAlarms } from '../../electron/alarms.ts'
import type { GateDeps } from '../../electron/gate/deps.ts'
import { createGate } from '../../electron/gate/listener.ts'
import type { CertificatePort } from '../../electron/gate/tls.ts'
import type { EffectiveSettings, GatePort, GatherPort, RulesPort, SettingsPort } from '../../electron/ports.ts'
import { helpPage, parseSettings } from '../../shared/config.ts'
import type { SettingsInput } from '../../shared/config.ts'
import type { Answer, Question } from '../../shared/dns/answer.ts'
import { questionText } from '../../shared/dns/answer.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import { contains, parseAddress, parseNetwork, reverseName } from '../../shared/net/ip.ts'
import { manualClock } from './clock.ts'
import type { ManualClock } from './clock.ts'
import { ALL_CAPABILITIES, scriptedBackend } from './scriptedbackend.ts'
import type { ScriptedBackend } from './scriptedbackend.ts'

/** What DNS says of every client: all confirmed; no PTR; a PTR, but the EHLO name leads elsewhere; nothing; nothing can be known; never an answer. */
export type DnsKind = 'good' | 'no-ptr' | 'mismatch' | 'nothing' | 'temporary' | 'ehlo-temporary' | 'silent'

export const PTR_NAME = 'mail.good.example'

export function fakeGather(kind: () => DnsKind): GatherPort & { readonly asked: string[]; readonly begun: string[] } {
  const asked: string[] = []
  const begun: string[] = []
  return {
    asked, begun,
    begin(from) {
      const address = typeof from === 'string' ? parseAddress(from)! : from
      const client = address.text
      begun.push(client)
      const type = address.family === 4 ? 'A' : 'AAAA'
      const other = address.family === 4 ? 'AAAA' : 'A'
      const answer = (question: Question, status: Answer['status'], ...records: string[]): [string, Answer] =>
        [questionText(question), { question, status, records, chain: [], ttl: 60, ms: 1, server: '127.0.0.1:53' }]
      const reverse = (): [string, Answer][] => {
        const question: Question = { name: reverseName(address), type: 'PTR' }
        switch (kind()) {
          case 'good':
          case 'mismatch':
          case 'ehlo-temporary':
            return [answer(question, 'found', PTR_NAME), answer({ name: PTR_NAME, type }, 'found', client)]
          case 'no-ptr':
          case 'nothing':
            return [answer(question, 'nxdomain')]
          case 'temporary':
          case 'silent':
            return [answer(question, 'servfail')]
        }
      }
      const forward = (name: string): [string, Answer][] => {
        switch (kind()) {
          case 'good':
          case 'no-ptr':
            return [answer({ name, type }, 'found', client)]
          case 'mismatch':
            return [answer({ name, type }, 'found', address.family === 4 ? '192.0.2.99' : '2001:db8::99'), answer({ name, type: 'MX' }, 'nodata')]
          case 'nothing':
            return [answer({ name, type }, 'nxdomain'), answer({ name, type: other }, 'nxdomain'), answer({ name, type: 'MX' }, 'nxdomain')]
          case 'temporary':
          case 'ehlo-temporary':
          case 'silent':
            return [answer({ name, type }, 'servfail'), answer({ name, type: other }, 'servfail'), answer({ name, type: 'MX' }, 'servfail')]
        }
      }
      const never = new Promise<never>(() => undefined)
      return {
        ptrSide: () => (kind() === 'silent' ? never : Promise.resolve({ client, ehlo: null, answers: new Map(reverse()) })),
        ehloSide(name) {
          asked.push(name)
          return kind() === 'silent' ? never : Promise.resolve({ client, ehlo: name, answers: new Map([...reverse(), ...forward(name.toLowerCase())]) })
        },
        stop: () => undefined,
      }
    },
  }
}

export interface FakeRules extends RulesPort {
  put(kind: Rule['kind'], scope: string, until?: string, by?: Rule['by']): void
  take(kind: Rule['kind'], scope: string): void
  readonly hits: string[]
}

export function fakeRules(): FakeRules {
  const rules: Rule[] = []
  const listeners = new Set<() => void>()
  const hits: string[] = []
  const isName = (rule: Rule) => rule.kind === 'allow' && parseNetwork(rule.scope) === null
  return {
    hits,
    match(client, bans = 'all') {
      const of = (kind: Rule['kind']) => rules.find((rule) => {
        const network = parseNetwork(rule.scope)
        if (rule.kind === 'ban' && rule.by === 'auto' && bans === 'by hand') return false
        return rule.kind === kind && network !== null && contains(network, client)
      }) ?? null
      return { ban: of('ban'), allow: of('allow') }
    },
    hasNames: () => rules.some(isName),
    matchName: (names) => rules.find((rule) => isName(rule) && names.some((name) => name === rule.scope || (rule.scope.startsWith('.') && name.endsWith(rule.scope)))) ?? null,
    hit: (rule) => { hits.push(`${rule.kind} ${rule.scope}`) },
    list: () => rules,
    add: () => Promise.resolve({ ok: false, problem: 'not here' }),
    restore: () => Promise.resolve({ ok: false, problem: 'not here' }),
    remove: () => Promise.resolve({ ok: false, problem: 'not here', within: null }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    put(kind, scope, until, by = 'admin') {
      rules.push({ kind, scope, reason: 'test', by, since: '2026-11-23T15:00:00.000Z', until: until ?? null, hits: 0 })
      for (const listener of listeners) listener()
    },
    take(kind, scope) {
      rules.splice(rules.findIndex((rule) => rule.kind === kind && rule.scope === scope), 1)
      for (const listener of listeners) listener()
    },
  }
}

export interface FakeSettings extends SettingsPort {
  mode(): { readonly mode: EffectiveSettings['policy']['mode']; readonly until: null }
}

/** Effective settings from what would stand in a file; nothing is exempt and everything is on loopback unless said. */
export function fakeSettings(input: SettingsInput): FakeSettings {
  const parsed = parseSettings({ hostname: 'mx.shop.example', listen: ['127.0.0.1:0'], domains: ['shop.example', '*.shop.example'], backend: '127.0.0.1:1', ...input })
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  const settings = parsed.value
  const effective: EffectiveSettings = {
    ...settings, hostname: settings.hostname ?? 'mx.shop.example', listen: settings.listen ?? [], practice: false, allDomains: settings.domains,
    tls: undefined, helpPage: helpPage(settings, 'mx.shop.example'), dns: { ...settings.dns, servers: [], canary: [] }, policy: { ...settings.policy, exempt: settings.policy.exempt ?? [] },
  }
  return {
    current: () => effective,
    onChange: () => () => undefined,
    mode: () => ({ mode: effective.policy.mode, until: null }),
    setMode: () => Promise.resolve(false),
  }
}

export interface TestGate {
  readonly gate: GatePort
  readonly port: number
  readonly clock: ManualClock
  readonly rules: FakeRules
  readonly backend: ScriptedBackend
  readonly gather: ReturnType<typeof fakeGather>
  readonly entries: JournalEntry[]
  readonly troubles: unknown[]
  readonly grace: Map<string, number>
  dns: DnsKind
  canaryRed: boolean
  /** Lets the gate look at its deadlines. */
  tick(): void
  /** When the nth session (from 1) has been recorded. */
  recorded(count: number): Promise<JournalEntry>
  stop(): Promise<void>
}

export const noCertificate: CertificatePort = { context: () => null, check: () => Promise.resolve(), close: () => undefined }

export interface TestGateOptions {
  readonly settings?: SettingsInput
  readonly dns?: DnsKind
  readonly backend?: ScriptedBackend
  readonly certificate?: CertificatePort
  readonly deps?: Partial<GateDeps>
}

export async function startGate(options: TestGateOptions = {}): Promise<TestGate> {
  const clock = manualClock()
  const entries: JournalEntry[] = []
  const troubles: unknown[] = []
  const grace = new Map<string, number>()
  const recorded = new EventEmitter()
  const backend = options.backend ?? scriptedBackend([], ALL_CAPABILITIES)
  const rules = fakeRules()
  let tick = () => undefined as unknown
  let ids = 0
  const gather = fakeGather(() => test.dns)
  const gate = await createGate({
    clock, settings: fakeSettings(options.settings ?? {}), gather, backend, rules, alarms: createAlarms(clock),
    graceStore: { first: (network) => grace.get(network) ?? null, note: (network, at) => void grace.set(network, at) },
    certificate: options.certificate ?? noCertificate,
    onSession(entry) {
      entries.push(entry)
      recorded.emit('entry')
    },
    newId: () => `id${++ids}`,
    onTrouble: (error) => troubles.push(error),
    canaryRed: () => test.canaryRed,
    ticker: (call) => {
      tick = call
      return () => undefined
    },
    ...options.deps,
  })
  const test: TestGate = {
    gate, clock, rules, backend, gather, entries, troubles, grace,
    port: Number(gate.addresses[0]?.split(':').at(-1)),
    dns: options.dns ?? 'good',
    canaryRed: false,
    tick: () => { tick() },
    async recorded(count) {
      while (entries.length < count) await once(recorded, 'entry')
      return entries[count - 1]!
    },
    stop: () => gate.stop(0),
  }
  return test
}
