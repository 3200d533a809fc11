/** Bans and whitelist as the gate streams them: all of them in pieces at each connection, then what changes. What was there stays while the line is down. */
import type { RuleNews } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Api } from '../client.ts'
import { RuleBook } from '../model/rulebook.ts'
import { Observed } from './observed.ts'

/** `total` null: nothing is known yet. The book changes in place; a new view is made with each change. */
export type RulesView =
  | { readonly kind: 'loading'; readonly loaded: number; readonly total: number | null; readonly book: RuleBook }
  | { readonly kind: 'loaded'; readonly book: RuleBook }

/** Drawing so many anew with each change of a burst would keep the page from everything else. */
const MANY = 5000
const PACE_MS = 700

export class RulesStore extends Observed {
  #soon: ReturnType<typeof setTimeout> | null = null
  #edition = 0
  #view: RulesView = { kind: 'loading', loaded: 0, total: null, book: new RuleBook() }

  readonly view = (): RulesView => this.#view

  /** Another number whenever rules come, go or are changed; not with each hit. */
  readonly edition = (): number => this.#edition

  /** For `Line.whileUp`. */
  readonly task = async (api: Api, signal: AbortSignal): Promise<void> => {
    try {
      let fresh = new RuleBook()
      for await (const news of await api.ruleWork.watch(undefined, { signal })) {
        if (news.stage === 'first') fresh = new RuleBook()
        this.#take(news, fresh)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    if (!signal.aborted) throw new Error('the stream of rules ended')
  }

  find(kind: RuleKind, scope: string): Rule | null {
    return this.#view.book.get(kind, scope)
  }

  #take(news: RuleNews, book: RuleBook): void {
    if (news.stage !== 'change' || news.gone.length > 0 || news.put.some((rule) => isOther(book.get(rule.kind, rule.scope), rule))) this.#edition += 1
    for (const [kind, scope] of news.gone) book.remove(kind, scope)
    for (const rule of news.put) book.put(rule)
    // While they are loaded anew, the old ones are shown.
    if (news.stage === 'loaded' || (news.stage === 'change' && book.rules.size < MANY)) this.#set({ kind: 'loaded', book })
    else if (news.stage === 'change') this.#soon ??= setTimeout(() => this.#set({ kind: 'loaded', book }), PACE_MS)
    else if (this.#view.kind === 'loading') this.#set({ kind: 'loading', loaded: book.rules.size, total: news.stage === 'first' ? news.total : this.#view.total, book })
  }

  #set(view: RulesView): void {
    if (this.#soon !== null) clearTimeout(this.#soon)
    this.#soon = null
    this.#view = view
    this.changed()
  }
}

function isOther(before: Rule | null, now: Rule): boolean {
  return before?.since !== now.since || before.until !== now.until || before.reason !== now.reason || before.by !== now.by
}
