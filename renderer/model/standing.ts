/** What is there already when a ban or a whitelist entry is about to be made: the same, a wider one, what beats it, what it spares. */
import type { Rule, RuleKind } from '../../shared/events.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { RuleBook } from './rulebook.ts'

export type Standing =
  /** The same scope: it will be replaced. */
  | { readonly kind: 'same'; readonly rule: Rule }
  /** A wider one of the same kind holds already. */
  | { readonly kind: 'covered'; readonly rule: Rule }
  /** A whitelist entry beats the ban for all of the scope. */
  | { readonly kind: 'beaten'; readonly rule: Rule }
  /** Whitelist entries inside the ban stay exceptions. */
  | { readonly kind: 'exceptions'; readonly count: number; readonly rule: Rule }
  /** A whitelist entry beats this ban, which stays. */
  | { readonly kind: 'beats'; readonly rule: Rule }
  /** An automatic ban of exactly this scope goes. */
  | { readonly kind: 'lifts'; readonly rule: Rule }

/** `verifiedName`: of the client from whose row this was asked; a whitelisted name beats a ban of its address. */
export function standingOf(book: RuleBook, kind: RuleKind, typed: string, verifiedName: string | null): readonly Standing[] {
  const parsed = parseScope(kind, typed)
  if (!parsed.ok) return []
  const { scope } = parsed
  const found: Standing[] = []
  const same = book.get(kind, scope.text)
  if (same !== null) found.push({ kind: 'same', rule: same })
  if (scope.kind === 'name') {
    const wider = book.named(scope.below ? `any${scope.text}` : scope.name)
    if (wider !== null && wider !== same) found.push({ kind: 'covered', rule: wider })
    return found
  }
  const wider = book.around(kind, scope.network)
  if (wider !== null) found.push({ kind: 'covered', rule: wider })
  if (kind === 'ban') {
    const beating = book.get('allow', scope.text) ?? book.around('allow', scope.network) ?? (verifiedName === null ? null : book.named(verifiedName))
    if (beating !== null) return [...found, { kind: 'beaten', rule: beating }]
    const [first, ...rest] = book.within('allow', scope.network)
    return first === undefined ? found : [...found, { kind: 'exceptions', count: rest.length + 1, rule: first }]
  }
  const banned = book.get('ban', scope.text)
  const around = book.around('ban', scope.network)
  if (banned?.by === 'auto') found.push({ kind: 'lifts', rule: banned })
  else if (banned !== null) found.push({ kind: 'beats', rule: banned })
  else if (around !== null) found.push({ kind: 'beats', rule: around })
  return found
}
