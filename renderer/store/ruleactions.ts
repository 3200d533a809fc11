/**
 * What the admin does to rules: one, many, or a whole list, in pieces with progress, each with one Undo that puts back what was
 * there before, with its who, since and hits.
 */
import type { Change, SuggestedChange, SuggestionList } from '../../shared/api/rulework.ts'
import { MAX_PIECE } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind } from '../../shared/events.ts'
import { inPieces } from '../../shared/gate/rulelist.ts'
import type { ListedRule } from '../../shared/gate/rulelist.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import type { Api, Line } from '../client.ts'
import type { Done, NetworkAnswer, Preview, Progress, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { bulkWords as words } from '../words/rulework.ts'
import type { RulesStore } from './rules.ts'
import type { Toasts } from './toasts.ts'

type Scoped = Pick<Rule, 'kind' | 'scope'>

/** What a change did: rules that are there now, and those that were there before. */
interface Deed {
  readonly added: readonly Scoped[]
  readonly before: readonly Rule[]
}

/** Of JSON in one call, in characters of which each is three octets at most: well below what the gate reads. */
const PIECE_CHARS = 70_000

export class RuleActions {
  readonly #line: Line
  readonly #rules: RulesStore
  readonly #toasts: Toasts

  constructor(line: Line, rules: RulesStore, toasts: Toasts) {
    this.#line = line
    this.#rules = rules
    this.#toasts = toasts
  }

  /** One rule, or one for each network of a registered one: all of them or none. */
  readonly add = (wish: RuleWish): Promise<Done> => this.#tried(async (api) => {
    const scopes = [wish.scope, ...(wish.more ?? [])]
    const before = scopes.flatMap((scope) => this.#wouldReplace(wish.kind, scope))
    const added: Rule[] = []
    for (const scope of scopes) {
      const outcome = await api.rules.add({ kind: wish.kind, scope, forMs: wish.forMs, reason: wish.reason })
      if (!outcome.ok) {
        await this.#rewind(api, { added, before: before.filter((rule) => added.some(({ kind, scope: now }) => rule.kind === kind && rule.scope === now)) })
        return outcome
      }
      added.push(outcome.rule)
    }
    const [first] = added
    if (first === undefined) return { ok: true }
    const text = added.length === 1 ? strings.done.added(first) : words.addedMany(wish.kind, first.scope, added.length)
    this.#toasts.add('done', text, () => this.#undo({ added, before }, added.length === 1 ? strings.done.undone(first) : words.undone(added.length)))
    return { ok: true }
  })

  /** One or many; with `progress` from a hundred on. */
  async lift(rules: readonly Scoped[]): Promise<void> {
    const done = await this.#tried(async (api) => {
      const { removed, problem } = await this.#liftPieces(api, rules, words.lifting)
      const [first] = removed
      if (first !== undefined) {
        const text = removed.length === 1 ? strings.done.removed(first) : words.lifted(removed.length)
        this.#toasts.add('done', text, () => this.#undo({ added: [], before: removed }, removed.length === 1 ? words.back(first) : words.backMany(removed.length)))
      }
      return problem === null ? { ok: true } : { ok: false, problem }
    })
    if (!done.ok) this.#toasts.add('trouble', done.problem)
  }

  readonly edit = (rule: Rule, reason: string, forMs: number | null | undefined): Promise<Done> => this.#tried(async (api) => {
    const outcome = await api.ruleWork.edit({ kind: rule.kind, scope: rule.scope, reason, ...(forMs === undefined ? {} : { forMs }) })
    if (!outcome.ok) return outcome
    this.#toasts.add('done', words.edited(rule.scope), () => this.#undo({ added: [], before: [outcome.before] }, words.editUndone(rule.scope)))
    return { ok: true }
  })

  /** What was taken before something went wrong stays, with its Undo. */
  readonly importList = (listed: readonly ListedRule[], onProgress: (progress: Progress) => void): Promise<Done> => this.#tried(async (api) => {
    const before = listed.flatMap(({ kind, scope }) => this.#wouldReplace(kind, scope))
    const added: ListedRule[] = []
    let problem: string | null = null
    for (const piece of inPieces(listed)) {
      onProgress({ done: added.length, total: listed.length })
      const outcome = await api.rules.import({ rules: piece })
      added.push(...piece)
      if (outcome.ok) continue
      problem = outcome.problem
      break
    }
    onProgress({ done: added.length, total: listed.length })
    this.#toasts.add('done', words.imported(added.length), () => this.#undo({ added, before }, words.importUndone(added.length)))
    return problem === null ? { ok: true } : { ok: false, problem }
  })

  readonly impact = async (kind: RuleKind, scope: string): Promise<Preview> => {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      return await api.ruleWork.impact({ kind, scope })
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  /** The registered network around an address. Rejects if it cannot be asked. */
  readonly network = async (address: string): Promise<NetworkAnswer> => {
    const api = this.#line.api()
    if (api === null) throw new Error(strings.trouble.noLine)
    return api.network.of({ address })
  }

  /** Null: it could not be asked. */
  readonly goodSenders = async () => this.#asked((api) => api.ruleWork.goodSenders())

  readonly hitHistory = async (rules: readonly Scoped[], days: number) => this.#asked((api) => api.rulestats.history({ rules: rules.map(({ kind, scope }) => ({ kind, scope })), step: 'day', steps: days }))

  readonly suggestions = async (): Promise<SuggestionList | null> => this.#asked((api) => api.ruleWork.suggestions())

  /** Several at once are one deed with one Undo. */
  async accept(suggested: readonly SuggestedChange[]): Promise<boolean> {
    const done = await this.#tried(async (api) => {
      const deed = { added: [] as Scoped[], before: [] as Rule[] }
      const unused = suggested.filter(({ kind }) => kind === 'lift-unused').map(({ scope }) => ({ kind: 'ban' as const, scope }))
      const { removed, problem } = await this.#liftPieces(api, unused, words.lifting)
      deed.before.push(...removed)
      let failed = problem
      for (const suggestion of suggested) {
        if (failed !== null || suggestion.kind === 'lift-unused') continue
        failed = await this.#acceptOne(api, suggestion, deed)
      }
      if (deed.added.length + deed.before.length > 0) this.#toasts.add('done', words.accepted(suggested), () => this.#undo(deed, words.acceptUndone(suggested.length)))
      return failed === null ? { ok: true } : { ok: false, problem: failed }
    })
    if (!done.ok) this.#toasts.add('trouble', done.problem)
    return done.ok
  }

  async dismiss(suggestion: Suggestion, dismissed: boolean, onUndone: () => void): Promise<boolean> {
    const { kind, scope } = suggestion
    const done = await this.#tried((api) => api.ruleWork.dismiss({ kind, scope, dismissed }))
    if (!done.ok) this.#toasts.add('trouble', done.problem)
    else if (dismissed) {
      this.#toasts.add('done', words.dismissed, async () => {
        await this.#tried((api) => api.ruleWork.dismiss({ kind, scope, dismissed: false }))
        onUndone()
      })
    }
    return done.ok
  }

  /** What became of it: null, or the problem. */
  async #acceptOne(api: Api, suggestion: Exclude<SuggestedChange, { kind: 'lift-unused' }>, deed: { readonly added: Scoped[]; readonly before: Rule[] }): Promise<string | null> {
    const kind = suggestion.kind === 'allow-provider' ? 'allow' : 'ban'
    const before = this.#wouldReplace(kind, suggestion.scope)
    const outcome = await api.rules.add({ kind, scope: suggestion.scope, reason: words.reasonOf(suggestion), ...(kind === 'allow' ? { forMs: null } : {}) })
    if (!outcome.ok) return outcome.problem
    deed.added.push(outcome.rule)
    deed.before.push(...before)
    if (suggestion.kind !== 'ban-network') return null
    // In place of its members: the network holds first, so that nobody slips through between.
    const { removed, problem } = await this.#liftPieces(api, suggestion.members.map((scope) => ({ kind: 'ban', scope })), words.lifting)
    deed.before.push(...removed)
    return problem
  }

  /** The rule of that scope, and the automatic ban that a whitelist entry of just this scope lifts. */
  #wouldReplace(kind: RuleKind, typed: string): Rule[] {
    const parsed = parseScope(kind, typed)
    if (!parsed.ok) return []
    const same = this.#rules.find(kind, parsed.scope.text)
    const ban = kind === 'allow' ? this.#rules.find('ban', parsed.scope.text) : null
    return [...(same === null ? [] : [same]), ...(ban?.by === 'auto' ? [ban] : [])]
  }

  async #liftPieces(api: Api, rules: readonly Scoped[], say: (progress: Progress) => string): Promise<{ readonly removed: readonly Rule[]; readonly problem: string | null }> {
    const removed: Rule[] = []
    let problem: string | null = null
    await this.#inPieces(rules.map(({ kind, scope }) => ({ kind, scope })), say, async (piece) => {
      const outcome = await api.ruleWork.lift({ rules: piece })
      removed.push(...outcome.removed)
      problem ??= outcome.problem
      return problem === null
    })
    return { removed, problem }
  }

  async #rewind(api: Api, { added, before }: Deed): Promise<Done> {
    const kept = new Set(before.map(({ kind, scope }) => `${kind} ${scope}`))
    const { problem } = await this.#liftPieces(api, added.filter(({ kind, scope }) => !kept.has(`${kind} ${scope}`)), words.takingBack)
    let failed = problem
    await this.#inPieces(before, words.takingBack, async (piece) => {
      const outcome: Change<object> = await api.ruleWork.restore({ rules: piece })
      if (!outcome.ok) failed ??= outcome.problem
      return outcome.ok
    })
    return failed === null ? { ok: true } : { ok: false, problem: failed }
  }

  async #undo(deed: Deed, said: string): Promise<void> {
    const done = await this.#tried((api) => this.#rewind(api, deed))
    this.#toasts.add(done.ok ? 'done' : 'trouble', done.ok ? said : done.problem)
  }

  /** Until the work says no. What takes more than one piece says how far it is. */
  async #inPieces<T>(all: readonly T[], say: (progress: Progress) => string, work: (piece: T[]) => Promise<boolean>): Promise<void> {
    const pieces = cut(all)
    const busy = pieces.length > 1 ? this.#toasts.busy(say({ done: 0, total: all.length })) : null
    let done = 0
    try {
      for (const piece of pieces) {
        if (!(await work(piece))) return
        done += piece.length
        busy?.say(say({ done, total: all.length }))
      }
    } finally {
      busy?.end()
    }
  }

  async #asked<T>(ask: (api: Api) => Promise<T>): Promise<T | null> {
    const api = this.#line.api()
    if (api === null) return null
    try {
      return await ask(api)
    } catch {
      return null
    }
  }

  async #tried(work: (api: Api) => Promise<Done>): Promise<Done> {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      return await work(api)
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }
}

function cut<T>(all: readonly T[]): T[][] {
  const pieces: T[][] = []
  let room = 0
  let piece: T[] = []
  for (const item of all) {
    const chars = JSON.stringify(item).length
    if (pieces.length === 0 || piece.length >= MAX_PIECE || chars > room) {
      piece = []
      pieces.push(piece)
      room = PIECE_CHARS
    }
    piece.push(item)
    room -= chars
  }
  return pieces
}
