/**
 * One client under examination: its DNS evidence, the judgement that stands, and what is done about it (POLICY).
 * Promises: at most MAX_NAMES EHLO names are looked up for one connection; the worst judgement stands; a whitelist
 * entry, also one by verified name, passes whatever was found.
 */
import type { Finding } from '../../shared/events.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Answer, RecordType } from '../../shared/dns/answer.ts'
import { classifyEhlo } from '../../shared/dns/ehlo.ts'
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
import type { GateDeps } from './deps.ts'
import type { House } from './house.ts'
import type { Accepted } from './record.ts'

/** Different EHLO names that one connection may have looked up. */
const MAX_NAMES = 10
/** How long a whitelisted client waits for its own evidence, ms: it is only for the log and the headers. */
const WHITELISTED_WAIT = 1000

export type Greeted =
  | { readonly kind: 'greeted'; readonly refusal: Refusal | null; readonly malformed: boolean }
  | { readonly kind: 'too many names' }

const NO_NAMES: readonly string[] = []
const NO_ANSWERS: readonly Answer[] = []
const PASSED: Greeted = { kind: 'greeted', refusal: null, malformed: false }

export class Examination {
  standing: Standing
  judgement: Judgement | null = null
  /** What the judgement that stands rests on, in the order in which it was asked. */
  answers: readonly Answer[] = NO_ANSWERS
  readonly #deps: GateDeps
  readonly #house: House
  readonly #client: Address
  readonly #ourAddress: string
  readonly #id: string
  readonly #gathering: Gathering | null
  #names: readonly string[] = NO_NAMES
  #rulesVersion: number
  #pending: Promise<void> | null = null
  /** Whether evidence of this connection was gathered by a sick resolver: no refusal may rest on it, also when it is well again. */
  #gatheredSick = false
  /** In observe mode: what enforcing would have done. */
  #would: 'reject' | 'defer' | null = null
  #struck = false

  /** `gathering`: null for an exempt client, which is not looked up. */
  constructor(house: House, who: { readonly client: Address; readonly ourAddress: string; readonly id: string; readonly standing: Standing; readonly gathering: Gathering | null; readonly rulesVersion: number }) {
    this.#deps = house.deps
    this.#house = house
    this.#client = who.client
    this.#ourAddress = who.ourAddress
    this.#id = who.id
    this.standing = who.standing
    this.#gathering = who.gathering
    this.#rulesVersion = who.rulesVersion
  }

  /** EHLO or HELO with this name: what it is answered. Waits only where POLICY says so. */
  greet(name: string): Greeted | Promise<Greeted> {
    const canonical = canonicalName(name)
    const known = this.#names.includes(canonical)
    if (!known && this.#names.length >= MAX_NAMES) return { kind: 'too many names' }
    if (!known) {
      this.#names = this.#names.concat(canonical)
      this.#gather(name)
    }
    if (this.standing !== 'judged' && name !== '') return PASSED
    if (classifyEhlo(name).kind === 'malformed') return this.#greetMalformed(judge({ client: this.#client.text, ehlo: name, answers: new Map() }, this.#judgeContext()))
    if (this.#house.context().settings.policy.rejectAt === 'rcpt') return PASSED
    return this.rule().then((refusal) => ({ kind: 'greeted', refusal, malformed: false }))
  }

  /** What is said to the client at RCPT, once the evidence is there; null: it passes. */
  async rule(): Promise<Refusal | null> {
    await this.#evidenceThere()
    this.#matchName(this.judgement?.verifiedNames ?? [])
    if (this.judgement === null || this.standing !== 'judged') return null
    const ruling = ruleOn(this.judgement, this.standing, this.#policyNow(this.judgement))
    this.#would = ruling.kind === 'pass' ? ruling.would : null
    return ruling.kind === 'pass' ? null : this.#refusal(ruling, this.judgement)
  }

  /** What a message that is delivered now counts as (CONTRACT, `disposition`). */
  acceptedAs(): Accepted {
    if (this.standing !== 'judged') return this.standing
    return this.#would === null ? 'accepted' : this.#would === 'reject' ? 'would-reject' : 'would-defer'
  }

  /** When all evidence that was asked for is there; null: it is. */
  settled(): Promise<void> | null {
    return this.#pending
  }

  /** Rules changed while the connection was open: a ban is heard at the next command, a whitelist entry at the next recipient. */
  bannedMeanwhile(rulesVersion: number): boolean {
    if (rulesVersion === this.#rulesVersion) return false
    this.#rulesVersion = rulesVersion
    const { rules } = this.#deps
    const match = rules.match(this.#client, bansInForce(this.#deps))
    const named = rules.hasNames() && rules.matchName(this.judgement?.verifiedNames ?? []) !== null
    const spared = match.allow !== null || named
    if (spared) this.standing = 'whitelisted'
    // One that was let in by an entry since withdrawn is banned as well.
    return match.ban !== null && !spared
  }

  /** Banned while it is open: whether its verified name passes it after all, which has to be found out first. Null: there is no entry by name. */
  passesByName(): Promise<'passes' | 'pending' | 'banned'> | null {
    if (!this.#deps.rules.hasNames()) return null
    const gathering = this.#gathering ?? this.#deps.gather.begin(this.#client, { fresh: false })
    return gathering.ptrSide().then((evidence) => {
      if (gathering !== this.#gathering) gathering.stop()
      const reverse = judge(evidence, this.#judgeContext())
      const rule = this.#deps.rules.matchName(reverse.verifiedNames)
      if (rule === null) return matchPending(this.#deps, this.#client, [...evidence.answers.values()], reverse) ? 'pending' : 'banned'
      this.#deps.rules.hit(rule)
      this.standing = 'whitelisted'
      return 'passes'
    })
  }

  /** A reply was said; `strike`: it earns one, which is counted once per session (POLICY, Bans). */
  said(strike: Finding | undefined): void {
    if (strike === undefined || this.#struck) return
    this.#struck = true
    this.#deps.strikes?.strike(this.#client, strike)
  }

  stop(): void {
    this.#gathering?.stop()
  }

  #gather(name: string): void {
    const gathering = this.#gathering
    if (gathering === null) return
    const earlier = this.#pending
    const side = gathering.ehloSide(name)
    const mine = this.#judgeWhen(earlier, side)
    this.#pending = mine
    // Whoever waits for it hears of a failure; nobody may be waiting.
    mine.then(() => { if (this.#pending === mine) this.#pending = null }, () => undefined)
  }

  async #judgeWhen(earlier: Promise<void> | null, side: Promise<Evidence>): Promise<void> {
    if (earlier !== null) await earlier
    const evidence = await side
    this.#gatheredSick ||= this.#canaryRed()
    const judgement = judge(evidence, this.#judgeContext())
    const standing = this.judgement === null ? judgement : worseOf(this.judgement, judgement)
    if (standing === judgement) this.answers = [...evidence.answers.values()]
    this.judgement = standing
  }

  async #evidenceThere(): Promise<void> {
    if (this.#pending === null) return
    if (this.standing === 'judged') return this.#pending
    if (this.judgement !== null) return
    await Promise.race([this.#pending, new Promise<void>((resolve) => setTimeout(resolve, WHITELISTED_WAIT))])
  }

  async #greetMalformed(bare: Judgement): Promise<Greeted> {
    let pending = false
    if (this.#deps.rules.hasNames() && this.#gathering !== null && this.#deps.settings.mode().mode !== 'observe') {
      const evidence = await this.#gathering.ptrSide()
      const reverse = judge({ ...evidence, ehlo: bare.ehlo }, this.#judgeContext())
      if (this.#matchName(reverse.verifiedNames)) return PASSED
      pending = matchPending(this.#deps, this.#client, [...evidence.answers.values()], reverse)
    }
    const ruling = ruleOnMalformedEhlo(this.standing, { ...this.#policyNow(null), nameMatchPending: pending })
    // No name at all is no EHLO in any mode (RFC 5321 §4.1.1.1).
    if (ruling.kind === 'pass' && bare.ehlo !== '') return PASSED
    const said = ruling.kind === 'pass' ? { kind: 'reject', code: 501, enhanced: '5.5.2', finding: 'ehlo-malformed', strike: false } as const : ruling
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
    return {
      mode,
      graceOver: mode === 'grace' && this.#graceOver(judgement?.verdict !== 'reject'),
      canaryRed: this.#canaryRed() || (judgement !== null && this.#gatheredSick),
      nameMatchPending: judgement !== null && this.judgement !== null && matchPending(this.#deps, this.#client, this.answers, judgement),
    }
  }

  #canaryRed(): boolean {
    return this.#deps.canaryRed?.() ?? false
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
    return now - first >= this.#house.context().settings.policy.graceDays * 86_400_000
  }

  #refusal(ruling: Pick<Exclude<Ruling, { kind: 'pass' }>, 'kind' | 'code' | 'enhanced' | 'finding' | 'strike'>, judgement: Judgement): Refusal {
    const { settings, helpUrl } = this.#house.context()
    const { detail, replies } = settings.policy
    const text = refusalText(this.#client.text, judgement, ruling.finding, { detail, overrides: replies, helpUrl, id: this.#id })
    return { line: replyLine({ code: ruling.code, enhanced: ruling.enhanced, text }), mark: ruling.kind === 'reject' ? 'rejected' : 'deferred', ...(ruling.strike ? { strike: ruling.finding } : {}) }
  }

  #judgeContext(): JudgeContext {
    const { settings } = this.#house.context()
    return { rules: settings.policy.rules, hostname: settings.hostname, domains: settings.allDomains, ourAddresses: [this.#ourAddress] }
  }
}

/** Automatic bans are suspended in observe mode (POLICY, Mode). */
export function bansInForce(deps: Pick<GateDeps, 'settings'>): 'all' | 'by hand' {
  return deps.settings.mode().mode === 'observe' ? 'by hand' : 'all'
}

/**
 * Whether a whitelist entry by verified name might still match: the PTR side is temporary as a whole, or just that PTR
 * name which an entry names could not be confirmed for now (POLICY, Whitelist).
 */
export function matchPending(deps: Pick<GateDeps, 'rules'>, client: Address, answers: readonly Answer[], judgement: Judgement): boolean {
  if (!deps.rules.hasNames()) return false
  if (judgement.iprev === 'temperror') return true
  const type = client.family === 4 ? 'A' : 'AAAA'
  const temporary = (name: string, asked: RecordType) => answers.some(({ question, status }) => question.name === name && question.type === asked && isTemporary(status))
  if (temporary(reverseName(client), 'PTR')) return true
  const open = judgement.ptrNames.filter((name) => !judgement.verifiedNames.includes(name) && temporary(name, type))
  return open.length > 0 && deps.rules.matchName(open) !== null
}
