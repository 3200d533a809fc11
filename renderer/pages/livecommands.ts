/** What the Live page adds to the palette: the actions on the chosen row, and the list's own. */
import type { Command } from '../model/commands.ts'
import type { Item } from '../model/feed.ts'
import { isEmpty, NO_FILTER } from '../model/filter.ts'
import type { Filter } from '../model/filter.ts'
import { canNotify } from '../parts/sessionrow.tsx'
import type { RowAction } from '../parts/sessionrow.tsx'
import type { ChangeRoute } from '../useroute.ts'
import { paletteWords as words } from '../words/palette.ts'

export interface LiveCommands {
  /** The chosen row. */
  readonly item: Item | null
  readonly filter: Filter
  readonly act: (action: RowAction, item: Item) => void
  readonly backToLive: () => void
  readonly change: ChangeRoute
}

const ROW: readonly (readonly [keyof typeof words.row, string])[] = [['open', 'Enter'], ['ban', 'b'], ['allow', 'w'], ['notify', 'n'], ['recheck', 'r'], ['copy', 'c'], ['sender', 's']]

export function liveCommands({ item, filter, act, backToLive, change }: LiveCommands): readonly Command[] {
  const row: Command[] = item === null ? [] : ROW.filter(([action]) => (action !== 'recheck' || !item.session.open) && (action !== 'notify' || canNotify(item.session))).map(([action, keys]) => ({
    id: `row-${action}`, group: words.groups.row, title: words.rowOf(words.row[action], item.session.client), keys, run: () => act(action, item),
  }))
  const list: Command[] = [
    { id: 'list-live', group: words.groups.list, title: words.backToLive, keys: 'Home', run: backToLive },
    { id: 'list-rejected', group: words.groups.list, title: words.onlyRefused, run: () => change({ filter: { ...filter, disposition: 'rejected' } }) },
  ]
  if (!isEmpty(filter)) list.push({ id: 'list-clear', group: words.groups.list, title: words.clearFilters, run: () => change({ filter: NO_FILTER }) })
  return [...row, ...list]
}
