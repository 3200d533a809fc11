/**
 * Bans and whitelist entries, a hundred thousand if need be. One tab stop for the rows: arrows move, Space chooses, Shift with an arrow
 * chooses on, Ctrl+A chooses all, Enter edits, Delete lifts. A click on a column's head sorts.
 */
import { useEffect, useMemo, useState } from 'react'
import { IconChevronDown, IconChevronUp, IconPencil } from '@tabler/icons-react'
import type { Rule } from '../../shared/events.ts'
import { keyOfRule } from '../model/rulebook.ts'
import { nextOrder } from '../model/rules.ts'
import type { Column, Order } from '../model/rules.ts'
import { everything, extended, NOTHING, toggled } from '../model/selection.ts'
import type { Selection } from '../model/selection.ts'
import type { RuleTab } from '../model/route.ts'
import { strings } from '../strings.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { Name, Said } from './outside.tsx'
import { Sparkline } from './sparkline.tsx'
import { useKeys } from './usekeys.ts'
import { useNow } from './usenow.ts'
import { Ago, In } from './when.tsx'
import { reveal, useWindowed } from './windowed.ts'

const words = strings.rules

export interface RuleTableProps {
  readonly tab: RuleTab
  readonly rules: readonly Rule[]
  readonly order: Order
  readonly selection: Selection
  /** Hits of each of the last days, oldest first; null while not known. */
  readonly history: (rule: Rule) => readonly number[] | null
  readonly onOrder: (order: Order) => void
  readonly onSelect: (selection: Selection) => void
  readonly onLift: (rules: readonly Rule[]) => void
  readonly onEdit: (rule: Rule, at: { readonly x: number; readonly y: number }) => void
  /** The rules that are drawn, for what is loaded of them. */
  readonly onView: (rules: readonly Rule[]) => void
}

const COLUMNS: readonly Column[] = ['kind', 'scope', 'reason', 'by', 'since', 'until', 'hits', 'lastHit']

export function RuleTable(props: RuleTableProps) {
  const { tab, rules, order, selection, history, onSelect, onEdit, onLift } = props
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const view = useWindowed(element, rules.length, ROW_HEIGHT)
  const now = useNow()
  const { onView } = props
  useEffect(() => onView(rules.slice(view.first, view.end)), [onView, rules, view.first, view.end])
  const index = useMemo(() => (cursor === null ? -1 : rules.findIndex((rule) => keyOfRule(rule) === cursor)), [rules, cursor])
  const keys = () => rules.map(keyOfRule)
  const focus = () => element?.focus({ preventScroll: true })
  const moveTo = (to: number) => {
    const next = Math.max(0, Math.min(rules.length - 1, to))
    const rule = rules[next]
    if (rule === undefined || element === null) return
    setCursor(keyOfRule(rule))
    reveal(element, next, ROW_HEIGHT)
    focus()
  }
  const current = rules[index]
  const chosen = () => (selection.chosen.size > 0 ? rules.filter((rule) => selection.chosen.has(keyOfRule(rule))) : current === undefined ? [] : [current])
  const lift = (wanted: readonly Rule[]) => {
    // The next row takes the place, so that the keyboard stays where it was.
    const gone = new Set(wanted.map(keyOfRule))
    const next = rules.slice(index + 1).find((rule) => !gone.has(keyOfRule(rule))) ?? rules.slice(0, Math.max(0, index)).findLast((rule) => !gone.has(keyOfRule(rule)))
    setCursor(next === undefined ? null : keyOfRule(next))
    onLift(wanted)
    focus()
  }
  const editAt = (rule: Rule, box: DOMRect | undefined) => onEdit(rule, { x: box?.left ?? 200, y: box?.bottom ?? 200 })
  const page = () => Math.max(1, Math.floor((element?.clientHeight ?? 0) / ROW_HEIGHT) - 2)
  const extendTo = (to: number) => {
    const next = Math.max(0, Math.min(rules.length - 1, to))
    onSelect(extended(selection, keys(), index, next))
    moveTo(next)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== element) return
    const steps: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page(), PageUp: -page(), Home: -rules.length, End: rules.length }
    const step = steps[event.key]
    if (event.shiftKey && step !== undefined) extendTo((index === -1 && step > 0 ? -1 : index) + step)
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') onSelect(everything(keys()))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const inTable = (work: () => void) => () => {
    if (document.activeElement !== element && document.activeElement !== document.body) return false
    work()
    return true
  }
  useKeys({
    j: () => moveTo(index + 1), k: () => moveTo(index - 1), ArrowDown: inTable(() => moveTo(index + 1)), ArrowUp: inTable(() => moveTo(index - 1)), Home: inTable(() => moveTo(0)), End: inTable(() => moveTo(rules.length - 1)),
    PageDown: inTable(() => moveTo(index + page())), PageUp: inTable(() => moveTo(index - page())),
    ' ': inTable(() => { if (current !== undefined) onSelect(toggled(selection, keyOfRule(current))) }),
    x: inTable(() => { if (current !== undefined) onSelect(toggled(selection, keyOfRule(current))) }),
    e: inTable(() => { if (current !== undefined) editAt(current, document.getElementById(`rule-${index}`)?.getBoundingClientRect()) }),
    Enter: inTable(() => { if (current !== undefined) editAt(current, document.getElementById(`rule-${index}`)?.getBoundingClientRect()) }),
    Escape: inTable(() => onSelect(NOTHING)),
    Delete: inTable(() => { if (chosen().length > 0) lift(chosen()) }),
  })
  const onClick = (at: number, rule: Rule) => (event: React.MouseEvent) => {
    if (event.shiftKey) onSelect(extended(selection, keys(), index, at))
    else if (event.ctrlKey || event.metaKey) onSelect(toggled(selection, keyOfRule(rule)))
    moveTo(at)
  }
  const isVisible = index >= view.first && index < view.end
  const isAll = useMemo(() => selection.chosen.size >= rules.length && rules.length > 0 && rules.every((rule) => selection.chosen.has(keyOfRule(rule))), [rules, selection])
  return (
    <div className="list ruletable" data-tab={tab} ref={setElement} role="grid" tabIndex={0} aria-label={words.label} aria-multiselectable aria-rowcount={rules.length + 1} aria-colcount={10}
      aria-activedescendant={isVisible ? `rule-${index}` : undefined} onKeyDown={onKeyDown} onMouseDown={(event) => { if (event.shiftKey) event.preventDefault() }}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">
          <div role="columnheader"><input type="checkbox" aria-label={words.selectAll} title={`${words.selectAll} (Ctrl+A)`} checked={isAll} onChange={() => { onSelect(isAll ? NOTHING : everything(keys())); focus() }} /></div>
          {COLUMNS.map((column) => <Head key={column} column={column} tab={tab} order={order} onOrder={(next) => { props.onOrder(next); focus() }} />)}
          <div role="columnheader"><span className="unseen">{words.columns.actions}</span></div>
        </div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: rules.length * ROW_HEIGHT }}>
        {rules.slice(view.first, view.end).map((rule, offset) => {
          const at = view.first + offset
          const key = keyOfRule(rule)
          const isChosen = selection.chosen.has(key)
          return (
            <div key={at % view.slots} id={`rule-${at}`} role="row" aria-rowindex={at + 2} aria-selected={isChosen} data-cursor={at === index || undefined} className="row" style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }} onClick={onClick(at, rule)}>
              <div role="gridcell"><input type="checkbox" tabIndex={-1} aria-label={words.select(rule.scope)} checked={isChosen} onChange={() => onSelect(toggled(selection, key))} onClick={(event) => event.stopPropagation()} /></div>
              <div role="gridcell" className="c-kind">{words.kinds[rule.kind]}</div>
              <div role="gridcell"><Name text={rule.scope} className="clip" /></div>
              <div role="gridcell" title={rule.reason}><Said text={rule.reason} className="plain clip" /></div>
              <div role="gridcell" className="c-by">{words.by[rule.by]}</div>
              <div role="gridcell"><Ago iso={rule.since} now={now} /></div>
              <div role="gridcell">{rule.until === null ? words.never : <In iso={rule.until} now={now} />}</div>
              <div role="gridcell" className="c-hits"><Trend perDay={history(rule)} /><span className="mono">{strings.number(rule.hits)}</span></div>
              <div role="gridcell" className="c-last">{rule.lastHit === undefined ? <span className="dim">{words.neverHit}</span> : <Ago iso={rule.lastHit} now={now} />}</div>
              <div role="gridcell" className="c-do">
                <button type="button" tabIndex={-1} className="plainbutton" aria-label={words.editOf(rule.scope)} title={`${words.edit} (e)`} onClick={(event) => { event.stopPropagation(); moveTo(at); editAt(rule, event.currentTarget.getBoundingClientRect()) }}><IconPencil size={14} aria-hidden /></button>
                <button type="button" tabIndex={-1} className="link" aria-label={rule.kind === 'ban' ? words.liftOf(rule.scope) : words.removeOf(rule.scope)} onClick={(event) => { event.stopPropagation(); lift([rule]) }}>{rule.kind === 'ban' ? words.lift : words.remove}</button>
              </div>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Head({ column, tab, order, onOrder }: { readonly column: Column; readonly tab: RuleTab; readonly order: Order; readonly onOrder: (order: Order) => void }) {
  const isSorted = order.column === column
  const name = words.columns[column]
  return (
    <div role="columnheader" className={`c-${CLASSES[column]}`} aria-sort={isSorted ? (order.descending ? 'descending' : 'ascending') : undefined} title={column === 'hits' ? words.hitsHelp[tab] : undefined}>
      <button type="button" className="sort" aria-label={words.sort(name)} onClick={() => onOrder(nextOrder(order, column))}>
        {name}{isSorted ? (order.descending ? <IconChevronDown size={12} aria-hidden /> : <IconChevronUp size={12} aria-hidden />) : null}
      </button>
    </div>
  )
}

const CLASSES: Readonly<Record<Column, string>> = { kind: 'kind', scope: 'scope', reason: 'reason', by: 'by', since: 'since', until: 'until', hits: 'hits', lastHit: 'last' }

function Trend({ perDay }: { readonly perDay: readonly number[] | null }) {
  if (perDay === null || perDay.length < 2 || perDay.every((hits) => hits === 0)) return null
  return <span className="trend" title={words.trend(perDay.reduce((sum, hits) => sum + hits, 0), perDay.length)}><Sparkline values={perDay} /></span>
}
