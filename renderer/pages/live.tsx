/** Live: who knocks, what DNS said, what the gate did; every row can be acted on without leaving it. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Switch } from '@mantine/core'
import type { RuleKind } from '../../shared/events.ts'
import { useConsole } from '../console.ts'
import type { Item, LiveSession } from '../model/feed.ts'
import { NO_FILTER } from '../model/filter.ts'
import type { Route } from '../model/route.ts'
import { FilterBar } from '../parts/filterbar.tsx'
import { RowMenu } from '../parts/rowmenu.tsx'
import type { MenuChoice } from '../parts/rowmenu.tsx'
import { RulePopover } from '../parts/rulepopover.tsx'
import { canNotify } from '../parts/sessionrow.tsx'
import type { RowAction } from '../parts/sessionrow.tsx'
import { strings } from '../strings.ts'
import { useCommands } from '../usecommands.ts'
import type { ChangeRoute } from '../useroute.ts'
import { DetailPane } from './detailpane.tsx'
import { liveCommands } from './livecommands.ts'
import { ListPane, LiveIndicator } from './listpane.tsx'
import { spotOfRow, useListKeys } from './listkeys.ts'
import { openSender } from './opensender.ts'
import { useStanding } from './usestanding.ts'

type Spot = { readonly x: number; readonly y: number }
type Dialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'menu'; readonly item: Item; readonly at: Spot }
  | { readonly kind: 'rule'; readonly rule: RuleKind; readonly session: LiveSession; readonly at: Spot }

const CLOSED: Dialog = { kind: 'none' }

export function LivePage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { live, actions, rechecks, ruleActions, noticeActions } = useConsole()
  const { standing, isSpared, matchOf } = useStanding()
  const widened = useSyncExternalStore(live.subscribe, () => live.view().widened)
  const [folded, setFolded] = useState(true)
  const [cursor, setCursor] = useState<Item | null>(null)
  const [dialog, setDialog] = useState<Dialog>(CLOSED)
  const [checkTurn, setCheckTurn] = useState(0)
  const list = useRef<HTMLElement | null>(null)
  /** The chosen row at once, for keys that come faster than renders. */
  const chosen = useRef<Item | null>(null)
  const { filter } = route
  const filterKey = JSON.stringify(filter)
  useEffect(() => {
    live.setFilter(filter)
    if (list.current !== null) list.current.scrollTop = 0
    // The key stands for the filter, which is made anew by each change of the address bar.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [live, filterKey])
  useEffect(() => live.setFolded(folded), [live, folded])
  useEffect(() => {
    if (dialog.kind === 'none') return
    live.hold('dialog')
    return () => live.letGo('dialog')
  }, [live, dialog.kind])
  const focusList = useCallback(() => list.current?.focus({ preventScroll: true }), [])

  const choose = useCallback((item: Item | null) => {
    chosen.current = item
    setCursor(item)
    live.setCursor(item)
  }, [live])

  const backToLive = useCallback(() => {
    choose(null)
    live.release()
    if (list.current !== null) list.current.scrollTop = 0
    focusList()
  }, [choose, focusList, live])

  const liftOf = useCallback(async (session: LiveSession) => {
    const { ban } = matchOf(session)
    if (ban !== null) await ruleActions.lift([ban])
  }, [matchOf, ruleActions])

  const act = useCallback((action: RowAction, item: Item, at: Spot) => {
    if (action === 'toggle') {
      live.toggle(item.key)
      return
    }
    choose(item)
    switch (action) {
      case 'open': return change({ session: item.row.id })
      case 'copy': return void actions.copyLog(item.row.id)
      case 'lift': return void liftOf(item.session)
      case 'menu': return setDialog({ kind: 'menu', item, at })
      case 'sender': return openSender(item.session.client)
      case 'notify': return canNotify(item.session) ? noticeActions.write(item.row.id) : undefined
      case 'recheck':
        if (item.session.open) return
        change({ session: item.row.id })
        setCheckTurn((before) => before + 1)
        return void rechecks.run(item.row.id, true)
      case 'ban':
      case 'allow': return setDialog({ kind: 'rule', rule: action, session: item.session, at })
    }
  }, [actions, change, choose, liftOf, live, noticeActions, rechecks])

  const closeDialog = useCallback(() => {
    setDialog(CLOSED)
    // The row that was clicked may be gone from under the dialog: the list takes the focus.
    requestAnimationFrame(focusList)
  }, [focusList])

  /** The menu reports its end also after a choice, when another dialog may have taken its place. */
  const closeMenu = () => {
    setDialog((now) => (now.kind === 'menu' ? CLOSED : now))
  }

  const chooseInMenu = (choice: MenuChoice, item: Item, at: Spot) => {
    setDialog(CLOSED)
    // The menu goes with its choice; where no dialog takes the focus, the list has it again.
    if (choice !== 'ban' && choice !== 'allow') requestAnimationFrame(focusList)
    if (choice === 'filter-client') change({ filter: { ...NO_FILTER, network: item.session.client } })
    else if (choice === 'filter-name') change({ filter: { ...NO_FILTER, text: item.session.ehlo } })
    else act(choice, item, at)
  }
  const closeDetail = () => {
    change({ session: null })
    focusList()
  }
  const onDetailRule = (rule: RuleKind, session: LiveSession, at: Spot) => setDialog({ kind: 'rule', rule, session, at })
  const showInList = (network: string) => change({ filter: { ...NO_FILTER, network } })

  useListKeys({ live, chosen, list, detailOpen: route.session !== null, choose, act, backToLive, closeDetail: () => change({ session: null }), openDetail: (id) => change({ session: id }) })
  useCommands(() => liveCommands({ item: cursor, filter, act: (action, item) => act(action, item, spotOfRow(item.row.id)), backToLive, change }))

  return (
    <div className="live">
      <FilterBar filter={filter} widened={widened} onChange={(next) => change({ filter: next })} onLeave={focusList}>
        <Switch size="xs" label={strings.live.fold} title={strings.live.foldHelp} checked={folded} onChange={(event) => setFolded(event.currentTarget.checked)} />
        <LiveIndicator onBackToLive={backToLive} />
      </FilterBar>
      <div className="split" data-detail={route.session !== null || undefined}>
        <ListPane filter={filter} cursor={cursor} listRef={list} matchOf={matchOf} onAction={act} onClearFilter={() => change({ filter: NO_FILTER })} />
        {route.session === null ? null : <DetailPane id={route.session} checkTurn={checkTurn} onClose={closeDetail} onOpen={(id) => change({ session: id })} onShowInList={showInList} onRule={onDetailRule} />}
      </div>
      {dialog.kind === 'menu' ? <RowMenu at={dialog.at} hasName={dialog.item.session.ehlo !== null} underWay={dialog.item.session.open} canNotify={canNotify(dialog.item.session)} banned={matchOf(dialog.item.session).ban?.scope ?? null} onChoose={(choice) => chooseInMenu(choice, dialog.item, dialog.at)} onClose={closeMenu} /> : null}
      {dialog.kind === 'rule' ? (
        <RulePopover kind={dialog.rule} session={dialog.session} at={dialog.at} preview={actions.preview} standing={standing} isSpared={isSpared} network={ruleActions.network} onSubmit={actions.addRule} onClose={closeDialog} />
      ) : null}
    </div>
  )
}
