/** What the readers of rule files (rulelist.ts, nftset.ts, fail2banlist.ts) make of a file before its scopes are looked at. */

/** `line`: from 1. Cells as they stand in the file; `until` missing: the usual time; '': for good. */
export interface ListRow {
  readonly line: number
  readonly cells: Readonly<Partial<Record<string, string>>>
}

/** Rows of one file; beyond that it is refused. */
export const MAX_LIST_LINES = 1_000_000

/** Any white space becomes one space, so that a reason never begins a line of its own. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
