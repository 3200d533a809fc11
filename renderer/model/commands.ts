/** Commands of the palette: what each is called and does, and where a typed address, name or session id leads. Pure. */
import { parseSearch } from '../../shared/search/query.ts'

export interface Command {
  /** Stable, unique. */
  readonly id: string
  readonly group: string
  readonly title: string
  /** Further words by which it is found. */
  readonly words?: string
  /** The keys that do the same, as shown: "g l". */
  readonly keys?: string
  readonly run: () => void
}

export type Jump =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'network'; readonly network: string; readonly single: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

/** What was typed leads to; a session id can also be one that is known to be on the screen (`isSession`). Empty for a word that is nothing of this. */
export function jumpsOf(typed: string, isSession: (id: string) => boolean): readonly Jump[] {
  const text = typed.trim()
  if (text === '' || text.length > 400) return []
  const clues = parseSearch(text).groups.flat()
  const [clue] = clues
  if (isSession(text)) return [{ kind: 'session', id: text }]
  if (clues.length === 1 && clue?.kind === 'session') return [{ kind: 'session', id: clue.id }]
  if (clues.length === 1 && clue?.kind === 'network') return [{ kind: 'network', network: clue.network, single: !clue.network.includes('/') }]
  if (clues.length === 1 && clue?.kind === 'domain') return [{ kind: 'name', name: clue.domain }]
  return clue === undefined ? [] : [{ kind: 'text', text }]
}
