/**
 * One client under examination: its DNS evidence, the judgement that stands, and what is done about it (POLICY).
 * Promises: at most MAX_NAMES EHLO names are looked up for one connection; the worst judgement stands; a whitelist
 * entry, also one by verified name, passes whatever was found.
 */
import type { Evidence } from '../../shared/dns/evidence.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { ruleOn, ruleOnMalformedEhlo } from '../../shared/gate/disposition.ts'
import type { PolicyNow, Ruling, Standing } from '../../shared/gate/disposition.ts'
import { refusalText } from '../../shared/gate/replytext.ts'
import { judge, worseOf } from '../../shared/gate/verdict.ts'
import type { JudgeContext, Judgement } from '../../shared/gate/verdict.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { neighbourhood, reverseName } from '../../shared/net/ip.ts'
import type { Address } from '../../shared/net/ip.ts'
import type { Refusal } from '../../shared/smtp/dialogue.ts'
import { replyLine } from '../../shared/smtp/reply.ts'
import type { Gathering } from '../ports.ts'
import type { Context } from './context.ts'
import type { GateDeps } from './deps.ts'

/** Different EHLO names that one connection may have looked up. */
const MAX_NAMES = 10
/** How long a whitelisted client waits for its own evidence, ms: it is only for the log and the headers. */
const WHITELISTED_WAIT = 1000

export type Greeted =
  | { readonly kind: 'greeted'; readonly refusal: Refusal | null; readonly malformed: boolean }
  | { readonly kind: 'too many names' }

/** What is done about the client at RCPT. `would`: in observe mode, what enforcing would have done. */
export interface Ruled {
  readonly refusal: Refusal | null
  readonly would: 'reject' | 'defer' | null
}

const PASSED: Greeted = { kind: 'greeted', refusal: null, malformed: false }

export class Examination {
  standing: Standing
  judgement: Judgement | null = null
  evidence: Evidence | null = null
  readonly #deps: GateDeps
  readonly #context: () => Context
  readonly #client: Address
  readonly #ourAddresses: readonly string[]
  readonly #id: string
  readonly #gathering: Gathering | null
  readonly #names = new Set<string>()
  #pending: Promise<void> | null = null

  /** `gathering`: null for an exempt client, which is not looked up. */
  constructor(deps: GateDeps, context: () => Context, who: { readonly client: Address; readonly ourAddress: string; readonly id: string; readonly standing: Standing; readonly gathering: Gathering | null }) {
    this.#deps = deps
    this.#context = context
    this.#client = who.client
    this.#ourAddresses = [who.ourAddress]
    this.#id = who.id
    this.standing = who.standing
    this.#gathering = who.gathering
  }

  /** EHLO or HELO with this name: what it is answered. Waits only where POLICY says so. */
  greet(name: string): Greeted | Promise<Greeted> {
    const known = this.#names.has(canonicalName(name))
    if (!known && this.#names.size >= MAX_NAMES) return { kind: 'too many names' }
    this.#names.add(canonicalName(name))
    if (!known) this.#gather(name)
    if (this.standing !== 'judged') return PASSED
    const bare = judge({ client: this.#client.text, ehlo: name, answers: new Map() }, this.#judgeContext())
    if (bare.findings.includes('ehlo-malformed')) return this.#greetMalformed(bare)
    if (this.#context().settings.policy.rejectAt === 'rcpt') return PASSED
    return this.rule().then(({ refusal }) => ({ kind: 'greeted', refusal, malformed: false }))
  }

  /** What is done about the client, once the evidence is there. */
  async rule(): Promise<Ruled> {
    await this.#settled()
    this.#matchName(this.judgement?.verifiedNames ?? [])
    if (this.judgement === null || this.standing !== 'judged') return { refusal: null, would: null }
    const ruling = ruleOn(this.judgement, this.standing, this.#policyNow(this.judgement))
    if (ruling.kind === 'pass') return { refusal: null, would: ruling.would }
    return { refusal: this.#refusal(ruling, this.judgement), would: null }
  }

  /** When all evidence that was asked for is there. */
  async settle(): Promise<void> {
    await this.#pending
  }

  stop(): void {
    this.#gathering?.stop()
  }

  #gather(name: string): void {
    const gathering = this.#gathering
    if (gathering === null) return
    const earlier = this.#pending
    const side = gathering.ehloSide(name)
    this.#pending = (async () => {
      if (earlier !== null) await earlier
      const evidence = await side
      const judgement = judge(evidence, this.#judgeContext())
      const standing = this.judgement === null ? judgement : worseOf(this.judgement, judgement)
      if (standing === judgement) this.evidence = evidence
      this.judgement = standing
    })()
    // Whoever waits for it hears of a failure; nobody may be waiting.
    this.#pending.catch(() => undefined)
  }

  async #settled(): Promise<void> {
    if (this.standing === 'judged') return this.settle()
    if (this.#pending === null || this.judgement !== null) return
    await Promise.race([this.#pending, new Promise<void>((resolve) => setTimeout(resolve, WHITELISTED_WAIT))])
  }

  async #greetMalformed(bare: Judgement): Promise<Greeted> {
    let pending = false
    if (this.#deps.rules.hasNames() && this.#gathering !== null && this.#deps.settings.mode().mode !== 'observe') {
      const evidence = await this.#gathering.ptrSide()
      const reverse = judge({ ...evidence, ehlo: bare.ehlo }, this.#judgeContext())
      if (this.#matchName(reverse.verifiedNames)) return PASSED
      pending = matchPending(this.#deps, this.#client, evidence, reverse)
    }
    const ruling = ruleOnMalformedEhlo(this.standing, { ...this.#policyNow(null), nameMatchPending: pending })
    // No name at all is no EHLO in any mode (RFC 5321 §4.1.1.1).
    if (ruling.kind === 'pass' && bare.ehlo !== '') return PASSED
    const said = ruling.kind === 'pass' ? { kind: 'reject', code: 501, enhanced: '5.5.2', finding: 'ehlo-malformed' } as const : ruling
    return { kind: 'greeted', refusal: this.#refusal(said, bare), malformed: true }
  }

  #matchName(verifiedNames: readonly string[]): boolean {
    if (this.standing !== 'judged' || verifiedNames.length === 0) return false
    const rules = this.#deps.rules
    const rule = rules.hasNames() ? rules.matchName(verifiedNames) : null
    if (rule === null) return false
    rules.hit(rule)
    this.standing = 'whitelisted'
    return true
  }

  #policyNow(judgement: Judgement | null): PolicyNow {
    const { mode } = this.#deps.settings.mode()
    const evidence = this.evidence
    return {
      mode,
      graceOver: mode === 'grace' && this.#graceOver(judgement?.verdict !== 'reject'),
      canaryRed: this.#deps.canaryRed?.() ?? false,
      nameMatchPending: judgement !== null && evidence !== null && matchPending(this.#deps, this.#client, evidence, judgement),
    }
  }

  /** POLICY, Mode: N days since the network's first would-be refusal in grace mode. `onlyAsk`: this is none. */
  #graceOver(onlyAsk: boolean): boolean {
    const network = neighbourhood(this.#client).text
    const now = this.#deps.clock.now()
    const first = this.#deps.graceStore.first(network)
    if (first === null) {
      if (!onlyAsk) this.#deps.graceStore.note(network, now)
      return false
    }
    return now - first >= this.#context().settings.policy.graceDays * 86_400_000
  }

  #refusal(ruling: Pick<Exclude<Ruling, { kind: 'pass' }>, 'kind' | 'code' | 'enhanced' | 'finding'>, judgement: Judgement): Refusal {
    const { settings, helpUrl } = this.#context()
    const { detail, replies } = settings.policy
    const text = refusalText(this.#client.text, judgement, ruling.finding, { detail, overrides: replies, helpUrl, id: this.#id })
    return { line: replyLine({ code: ruling.code, enhanced: ruling.enhanced, text }), mark: ruling.kind === 'reject' ? 'rejected' : 'deferred' }
  }

  #judgeContext(): JudgeContext {
    const { settings } = this.#context()
    return { rules: settings.policy.rules, hostname: settings.hostname, domains: settings.allDomains, ourAddresses: this.#ourAddresses }
  }
}

/**
 * Whether a whitelist entry by verified name might still match: the PTR side is temporary as a whole, or just that PTR
 * name which an entry names could not be confirmed for now (POLICY, Whitelist).
 */
export function matchPending(deps: Pick<GateDeps, 'rules'>, client: Address, evidence: Evidence, judgement: Judgement): boolean {
  if (!deps.rules.hasNames()) return false
  if (judgement.iprev === 'temperror') return true
  const type = client.family === 4 ? 'A' : 'AAAA'
  const temporary = (answer: Answer | undefined) => answer !== undefined && isTemporary(answer.status)
  if (temporary(evidence.answers.get(`${reverseName(client)}. PTR`))) return true
  const open = judgement.ptrNames.filter((name) => !judgement.verifiedNames.includes(name) && temporary(evidence.answers.get(`${name}. ${type}`)))
  return open.length > 0 && deps.rules.matchName(open) !== null
}
