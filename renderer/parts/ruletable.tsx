/** Bans or whitelist entries, a hundred thousand if need be: one tab stop, arrows move, Delete lifts. */
import { useState } from 'react'
import type { Rule, RuleKind } from '../../shared/events.ts'
import { strings } from '../strings.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { Name, Said } from './outside.tsx'
import { useKeys } from './usekeys.ts'
import { useNow } from './usenow.ts'
import { Ago, In } from './when.tsx'
import { reveal, useWindowed } from './windowed.ts'

const words = strings.rules

export interface RuleTableProps {
  readonly kind: RuleKind
  readonly rules: readonly Rule[]
  readonly onRemove: (rule: Rule) => void
}

export function RuleTable({ kind, rules, onRemove }: RuleTableProps) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const view = useWindowed(element, rules.length, ROW_HEIGHT)
  const now = useNow()
  const index = chosen === null ? -1 : rules.findIndex((rule) => rule.scope === chosen)
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rules.length - 1, to))
    setChosen(rules[next]?.scope ?? null)
    if (element === null) return
    reveal(element, next, ROW_HEIGHT)
    element.focus({ preventScroll: true })
  }
  const remove = (rule: Rule) => {
    // The next row takes the place, so that the keyboard stays where it was.
    setChosen(rules[rules.indexOf(rule) + 1]?.scope ?? rules[rules.indexOf(rule) - 1]?.scope ?? null)
    onRemove(rule)
    element?.focus({ preventScroll: true })
  }
  const inTable = (work: () => void) => () => {
    if (document.activeElement !== element && document.activeElement !== document.body) return false
    work()
    return true
  }
  useKeys({
    j: () => move(index + 1), k: () => move(index - 1), ArrowDown: inTable(() => move(index + 1)), ArrowUp: inTable(() => move(index - 1)), Home: inTable(() => move(0)), End: inTable(() => move(rules.length - 1)),
    Delete: inTable(() => {
      const rule = rules[index]
      if (rule !== undefined) remove(rule)
    }),
  })
  const visible = index >= view.first && index < view.end
  return (
    <div className="list ruletable" ref={setElement} role="grid" tabIndex={0} aria-label={words.label} aria-rowcount={rules.length + 1} aria-colcount={7} aria-activedescendant={visible ? `rule-${index}` : undefined}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">
          <div role="columnheader">{words.columns.scope}</div><div role="columnheader">{words.columns.reason}</div><div role="columnheader">{words.columns.by}</div><div role="columnheader">{words.columns.since}</div>
          <div role="columnheader">{words.columns.until}</div><div role="columnheader" className="c-number" title={words.hitsHelp[kind]}>{words.columns.hits}</div><div role="columnheader"><span className="unseen">{words.columns.actions}</span></div>
        </div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: rules.length * ROW_HEIGHT }}>
        {rules.slice(view.first, view.end).map((rule, offset) => {
          const at = view.first + offset
          return (
            <div key={at % view.slots} id={`rule-${at}`} role="row" aria-rowindex={at + 2} aria-selected={at === index} className="row" style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }} onClick={() => move(at)}>
              <div role="gridcell"><Name text={rule.scope} className="clip" /></div>
              <div role="gridcell" title={rule.reason}><Said text={rule.reason} className="plain clip" /></div>
              <div role="gridcell">{words.by[rule.by]}</div>
              <div role="gridcell"><Ago iso={rule.since} now={now} /></div>
              <div role="gridcell">{rule.until === null ? words.never : <In iso={rule.until} now={now} />}</div>
              <div role="gridcell" className="mono c-number">{strings.number(rule.hits)}</div>
              <div role="gridcell"><button type="button" tabIndex={-1} className="link" aria-label={kind === 'ban' ? words.liftOf(rule.scope) : words.removeOf(rule.scope)} onClick={(event) => { event.stopPropagation(); remove(rule) }}>{kind === 'ban' ? words.lift : words.remove}</button></div>
            </div>
          )
        })}
      </div>
    </div>
  )
}
