/**
 * Bans and whitelist as a stream: all of them in pieces, then only what changes. A hundred thousand rules never make one
 * long message, and nothing is sent while nothing changes. Costs one pass over the rules now and then, per console that watches.
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { RuleNews } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { RulesPort } from '../ports.ts'

const PIECE = 2000
/** After a change the console hears of it so soon; changes within are told together. */
const SOON_MS = 150
/** One pass over the rules takes at most so small a share of the time: with a hundred thousand of them, changes are told less often. */
const SHARE = 20
/** How often hits are looked at. */
const HITS_MS = 3000

interface Known {
  readonly rule: Rule
  seen: number
}

/** Until `signal` aborts. */
export async function* watchRules(rules: Pick<RulesPort, 'list' | 'onChange'>, signal: AbortSignal, hitsMs = HITS_MS): AsyncGenerator<RuleNews, void, void> {
  const known: Record<RuleKind, Map<string, Known>> = { ban: new Map(), allow: new Map() }
  let round = 0
  let took = 0
  let changed = false
  let wake: (() => void) | null = null
  const unsubscribe = rules.onChange(() => {
    changed = true
    wake?.()
  })
  const onAbort = () => wake?.()
  signal.addEventListener('abort', onAbort)
  try {
    const all = rules.list()
    for (const rule of all) known[rule.kind].set(rule.scope, { rule, seen: 0 })
    for (let at = 0; at === 0 || at < all.length; at += PIECE) {
      if (signal.aborted) return
      yield { stage: at === 0 ? 'first' : 'more', total: all.length, put: all.slice(at, at + PIECE), gone: [] }
      await turn()
    }
    yield { stage: 'loaded', total: all.length, put: [], gone: [] }
    while (!signal.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, hitsMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = null
      }
      if (changed) await sleep(Math.max(SOON_MS, took * SHARE), undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      changed = false
      round += 1
      const began = performance.now()
      const news = difference(known, rules.list(), round)
      took = performance.now() - began
      yield* pieces(news)
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', onAbort)
  }
}

/** What is other than known, which is brought up to date. */
function difference(known: Readonly<Record<RuleKind, Map<string, Known>>>, list: readonly Rule[], round: number): Pick<RuleNews, 'put' | 'gone'> {
  const put: Rule[] = []
  for (const rule of list) {
    const before = known[rule.kind].get(rule.scope)
    if (before !== undefined && isSame(before.rule, rule)) before.seen = round
    else {
      known[rule.kind].set(rule.scope, { rule, seen: round })
      put.push(rule)
    }
  }
  const gone: [RuleKind, string][] = []
  if (known.ban.size + known.allow.size > list.length) {
    for (const kind of ['ban', 'allow'] as const) {
      for (const [scope, { seen }] of known[kind]) if (seen !== round) gone.push([kind, scope])
    }
    for (const [kind, scope] of gone) known[kind].delete(scope)
  }
  return { put, gone }
}

function isSame(a: Rule, b: Rule): boolean {
  return a === b || (a.hits === b.hits && a.since === b.since && a.until === b.until && a.reason === b.reason && a.by === b.by)
}

async function* pieces({ put, gone }: Pick<RuleNews, 'put' | 'gone'>): AsyncGenerator<RuleNews, void, void> {
  for (let at = 0; at < Math.max(put.length, gone.length); at += PIECE) {
    yield { stage: 'change', total: 0, put: put.slice(at, at + PIECE), gone: gone.slice(at, at + PIECE) }
    await turn()
  }
}
