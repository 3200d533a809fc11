/** The conditions of a list of senders, as SQL with its values. Values never become part of the text. */
import { DISPOSITIONS } from '../../shared/events.ts'
import { outcomeOf } from '../../shared/search/sender.ts'
import type { Standing } from '../../shared/search/sender.ts'
import type { SenderQuery, SenderSort } from '../ports.ts'
import { findingBit } from './senderrows.ts'
import type { keyRange } from './senderrows.ts'

type Range = ReturnType<typeof keyRange>

export const SORTS: Readonly<Record<SenderSort, string>> = { refused: 'rank', last: '0', attempts: 'attempts', refusals: 'refused' }

const DEFERRED = DISPOSITIONS.flatMap((disposition, at) => (outcomeOf(disposition) === 'deferred' ? [at] : [])).join(', ')
/** As `standingOf` has it. */
const STANDINGS: Readonly<Record<Standing, string>> = {
  refused: 'refused_since IS NOT NULL',
  deferred: `refused_since IS NULL AND disposition IN (${DEFERRED})`,
  accepted: `refused_since IS NULL AND disposition NOT IN (${DEFERRED}) AND accepted > 0`,
  undecided: `refused_since IS NULL AND disposition NOT IN (${DEFERRED}) AND accepted = 0`,
}

export interface Sought {
  readonly keys: readonly string[]
  /** ".acme.example" that domain and what is below it; other texts anywhere in a domain. */
  readonly names: readonly string[]
}

export function senderWhere(query: SenderQuery, ranges: readonly Range[] | null, sought: Sought | null): { readonly where: string; readonly values: readonly unknown[] } {
  const conditions: string[] = []
  const values: unknown[] = []
  const hold = (condition: string, ...more: readonly unknown[]) => {
    conditions.push(`(${condition})`)
    values.push(...more)
  }
  if (query.standing !== undefined) hold(STANDINGS[query.standing])
  if (query.finding !== undefined) hold('findings & ? <> 0', findingBit(query.finding))
  if (query.since !== undefined) hold('last_seen >= ?', query.since)
  if (query.newSince !== undefined) hold('first_seen >= ?', query.newSince)
  if (ranges !== null) {
    const pools = ({ around, address }: Range) => [`${around} `, `${around} ~`, address === null ? '%' : `%"${address}"%`]
    hold(ranges.map(() => 'key BETWEEN ? AND ? OR (key BETWEEN ? AND ? AND more LIKE ?)').join(' OR '), ...ranges.flatMap((range) => [range.from, range.to, ...pools(range)]))
  }
  if (sought !== null) {
    const names = sought.names.map(() => "domain = ? OR domain LIKE ? ESCAPE '\\'")
    const like = (name: string) => `%${name.replace(/[\\%_]/g, '\\$&')}${name.startsWith('.') ? '' : '%'}`
    hold(['key IN (SELECT value FROM json_each(?))', ...names].join(' OR '), JSON.stringify(sought.keys), ...sought.names.flatMap((name) => [name.replace(/^\./, ''), like(name)]))
  }
  return { where: conditions.length === 0 ? '1' : conditions.join(' AND '), values }
}
