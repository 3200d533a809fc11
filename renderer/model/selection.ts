/** Which rows are chosen, as an admin with a mouse and one with keys expects it: by key, so that rows may move. Pure values. */

export interface Selection {
  readonly chosen: ReadonlySet<string>
  /** Where a range begins: the last row that was chosen or left out by itself. */
  readonly anchor: string | null
}

export const NOTHING: Selection = { chosen: new Set(), anchor: null }

export function toggled({ chosen }: Selection, key: string): Selection {
  const next = new Set(chosen)
  if (!next.delete(key)) next.add(key)
  return { chosen: next, anchor: key }
}

/** From the anchor (or `from`, if there is none) to `to`, added to what is chosen. `keys`: the rows in order. */
export function extended({ chosen, anchor }: Selection, keys: readonly string[], from: number, to: number): Selection {
  const at = anchor === null ? -1 : keys.indexOf(anchor)
  const start = at === -1 ? Math.max(0, from) : at
  const range = keys.slice(Math.min(start, to), Math.max(start, to) + 1)
  return { chosen: new Set([...chosen, ...range]), anchor: keys[start] ?? null }
}

export function everything(keys: readonly string[]): Selection {
  return { chosen: new Set(keys), anchor: null }
}
