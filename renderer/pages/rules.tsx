/** Rules: bans and whitelist in one table with tabs; by hand, from lists and to lists, many at once, each with Undo; and what could be better. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button, Tabs, TextInput } from '@mantine/core'
import { IconFileExport, IconFileImport, IconSearch } from '@tabler/icons-react'
import type { Rule, RuleKind } from '../../shared/events.ts'
import { useConsole, useLine, useRules } from '../console.ts'
import type { Route, RuleTab } from '../model/route.ts'
import type { RuleBook } from '../model/rulebook.ts'
import { Arrangement, USUAL_ORDER } from '../model/rules.ts'
import { NOTHING } from '../model/selection.ts'
import type { Selection } from '../model/selection.ts'
import { AddRule } from '../parts/addrule.tsx'
import { ConfirmLift } from '../parts/confirmlift.tsx'
import { EditRule } from '../parts/editrule.tsx'
import { EmptyState } from '../parts/emptystate.tsx'
import { ExportDialog } from '../parts/exportdialog.tsx'
import type { ExportChoice, ExportDialogProps } from '../parts/exportdialog.tsx'
import { ImportDialog } from '../parts/importdialog.tsx'
import { RuleTable } from '../parts/ruletable.tsx'
import { strings } from '../strings.ts'
import type { ChangeRoute } from '../useroute.ts'
import { SuggestionsPane } from './suggestionspane.tsx'
import { useHitHistory } from './usehithistory.ts'
import { useStanding } from './usestanding.ts'

const words = strings.rules
const TABS: readonly RuleTab[] = ['all', 'ban', 'allow', 'suggestions']
/** More than so many at once are asked about first. */
const MANY = 20

type Dialog =
  | { readonly kind: 'none' | 'import' }
  | { readonly kind: 'export'; readonly choices: ExportDialogProps['choices'] }
  | { readonly kind: 'lift'; readonly rules: readonly Rule[] }
  | { readonly kind: 'edit'; readonly rule: Rule; readonly at: { readonly x: number; readonly y: number } }

const CLOSED: Dialog = { kind: 'none' }

export function RulesPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { ruleActions, toasts } = useConsole()
  const view = useRules()
  const { book } = view
  const { tab } = route
  const kind: RuleKind = tab === 'allow' ? 'allow' : 'ban'
  const [search, setSearch] = useState('')
  const [dialog, setDialog] = useState<Dialog>(CLOSED)
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const { standing, isSpared } = useStanding()
  const rows = useRef<readonly Rule[]>([])
  const setRows = useCallback((next: readonly Rule[]) => {
    rows.current = next
  }, [])
  const selected = useMemo(() => {
    // The view changes with each change of the rules, the book does not.
    void view
    return [...selection.chosen].flatMap((key) => book.rules.get(key) ?? [])
  }, [view, book, selection])
  const lift = (wanted: readonly Rule[]) => {
    if (wanted.length > MANY) setDialog({ kind: 'lift', rules: wanted })
    else liftNow(wanted)
  }
  const liftNow = (wanted: readonly Rule[]) => {
    setDialog(CLOSED)
    setSelection(NOTHING)
    void ruleActions.lift(wanted)
  }
  /** What is there when it opens is what is exported. */
  const openExport = (first: ExportChoice) => setDialog({ kind: 'export', choices: exportChoices(book, selected, rows.current, first) })
  const close = () => {
    setDialog(CLOSED)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.ruletable')?.focus({ preventScroll: true }))
  }
  const choose = (next: RuleTab) => {
    setSelection(NOTHING)
    change({ tab: next })
  }
  return (
    <Tabs value={tab} onChange={(value) => choose(TABS.find((known) => known === value) ?? 'ban')} className="rules" keepMounted={false}>
      <div className="toolbar">
        <div className="tabline">
          <Tabs.List>{TABS.map((name) => <Tabs.Tab key={name} value={name}>{tabLabel(name, view.kind === 'loaded' ? book : null)}</Tabs.Tab>)}</Tabs.List>
          <div className="grow" />
          {tab === 'suggestions' ? null : (
            <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.searchPlaceholder} autoComplete="off" leftSection={<IconSearch size={14} aria-hidden />}
              value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          )}
          <Button size="xs" variant="default" leftSection={<IconFileImport size={14} aria-hidden />} onClick={() => setDialog({ kind: 'import' })}>{words.importButton}</Button>
          <Button size="xs" variant="default" leftSection={<IconFileExport size={14} aria-hidden />} onClick={() => openExport(tab === 'allow' ? 'allow' : tab === 'all' ? 'all' : 'ban')}>{words.exportButton}</Button>
        </div>
        {tab === 'suggestions' || tab === 'all' ? null : (
          <div className="tools">
            <AddRule key={tab} kind={kind} look={ruleActions.impact} standing={standing} isSpared={isSpared} onSubmit={ruleActions.add} />
          </div>
        )}
        {selected.length === 0 ? null : <SelectionBar count={selected.length} onLift={() => lift(selected)} onExport={() => openExport('selected')} onClear={() => { setSelection(NOTHING); close() }} />}
      </div>
      <Tabs.Panel value={tab} className="rulespanel">
        {tab === 'suggestions' ? <SuggestionsPane /> : <TablePane tab={tab} search={search} selection={selection} onRows={setRows} onSelect={setSelection} onLift={lift} onEdit={(rule, at) => setDialog({ kind: 'edit', rule, at })} />}
      </Tabs.Panel>
      {dialog.kind === 'lift' ? <ConfirmLift rules={dialog.rules} onConfirm={() => { liftNow(dialog.rules); close() }} onClose={close} /> : null}
      {dialog.kind === 'edit' ? <EditRule rule={dialog.rule} at={dialog.at} onSubmit={(reason, forMs) => ruleActions.edit(dialog.rule, reason, forMs)} onClose={close} /> : null}
      {dialog.kind === 'import' ? <ImportDialog kind={kind} book={book} goodSenders={ruleActions.goodSenders} onImport={ruleActions.importList} onClose={() => setDialog(CLOSED)} /> : null}
      {dialog.kind === 'export' ? <ExportDialog choices={dialog.choices} day={new Date().toISOString().slice(0, 10)} onSaid={(text) => toasts.add('done', text)} onClose={() => setDialog(CLOSED)} /> : null}
    </Tabs>
  )
}

function tabLabel(tab: RuleTab, book: RuleBook | null): string {
  const name = words.tabs[tab]
  if (book === null || tab === 'suggestions') return name
  return `${name} (${strings.number(tab === 'all' ? book.rules.size : book.count(tab))})`
}

function SelectionBar({ count, onLift, onExport, onClear }: { readonly count: number; readonly onLift: () => void; readonly onExport: () => void; readonly onClear: () => void }) {
  return (
    <div className="selectionbar">
      <strong role="status">{words.selected(count)}</strong>
      <Button size="compact-xs" onClick={onLift} title="Del">{words.liftSelected}</Button>
      <Button size="compact-xs" variant="default" onClick={onExport}>{words.exportSelected}</Button>
      <button type="button" className="link" title="Esc" onClick={onClear}>{words.clear}</button>
    </div>
  )
}

interface TablePaneProps {
  readonly tab: Exclude<RuleTab, 'suggestions'>
  readonly search: string
  readonly selection: Selection
  readonly onRows: (rules: readonly Rule[]) => void
  readonly onSelect: (selection: Selection) => void
  readonly onLift: (rules: readonly Rule[]) => void
  readonly onEdit: (rule: Rule, at: { readonly x: number; readonly y: number }) => void
}

function TablePane({ tab, search, selection, onRows, onSelect, onLift, onEdit }: TablePaneProps) {
  const view = useRules()
  const line = useLine()
  const [order, setOrder] = useState(USUAL_ORDER)
  const arrangement = useMemo(() => new Arrangement(), [])
  const { history, onView } = useHitHistory()
  const shown = useMemo(() => {
    const rules = view.kind === 'loaded' ? arrangement.rows(view.book, { tab, text: search, order }) : []
    onRows(rules)
    return rules
  }, [arrangement, view, tab, search, order, onRows])
  // A list that Undo fills again has the focus that went with its last row.
  const isEmpty = view.kind !== 'loading' && shown.length === 0
  const wasEmpty = useRef(false)
  useEffect(() => {
    if (wasEmpty.current && !isEmpty && document.activeElement === document.body) document.querySelector<HTMLElement>('.ruletable')?.focus({ preventScroll: true })
    wasEmpty.current = isEmpty
  }, [isEmpty])
  if (view.kind === 'loading') return <EmptyState title={line.kind === 'up' ? words.loading(view.loaded, view.total) : words.noLine} />
  const total = tab === 'all' ? view.book.rules.size : view.book.count(tab)
  if (shown.length === 0) {
    if (search !== '' && total > 0) return <EmptyState title={strings.empty.rulesFiltered} />
    return <EmptyState title={tab === 'allow' ? strings.empty.allowsTitle : strings.empty.bansTitle}><p>{tab === 'allow' ? strings.empty.allows : strings.empty.bans}</p></EmptyState>
  }
  return (
    <>
      <RuleTable tab={tab} rules={shown} order={order} selection={selection} history={history} onOrder={setOrder} onSelect={onSelect} onLift={onLift} onEdit={onEdit} onView={onView} />
      <div className="unseen" role="status">{search === '' ? '' : words.shown(shown.length, total)}</div>
    </>
  )
}

function exportChoices(book: RuleBook, selected: readonly Rule[], shown: readonly Rule[], first: ExportChoice): ExportDialogProps['choices'] {
  const all = [...book.rules.values()]
  const choices: { readonly what: ExportChoice; readonly rules: readonly Rule[] }[] = [
    ...(selected.length > 0 ? [{ what: 'selected' as const, rules: selected }] : []),
    { what: 'ban', rules: all.filter(({ kind }) => kind === 'ban') },
    { what: 'allow', rules: all.filter(({ kind }) => kind === 'allow') },
    { what: 'all', rules: all },
    ...(shown.length > 0 && shown.length < all.length ? [{ what: 'shown' as const, rules: shown }] : []),
  ]
  return choices.sort((a, b) => Number(b.what === first) - Number(a.what === first))
}
