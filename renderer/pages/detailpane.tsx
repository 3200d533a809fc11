/**
 * The pane beside the list: one session loaded from the journal (or what is known of it while it is under way), what DNS
 * says of it now, how its sender stands, and the sender's history.
 */
import { useCallback, useState, useSyncExternalStore } from 'react'
import { IconBan, IconRefresh, IconSend, IconShieldCheck, IconX } from '@tabler/icons-react'
import type { RuleKind } from '../../shared/events.ts'
import { useConsole } from '../console.ts'
import type { LiveSession } from '../model/feed.ts'
import { Detail, Facts, Section } from '../parts/detail.tsx'
import { DispositionWord } from '../parts/disposition.tsx'
import { History } from '../parts/history.tsx'
import { Name } from '../parts/outside.tsx'
import { canNotify } from '../parts/sessionrow.tsx'
import { Standing } from '../parts/standing.tsx'
import type { When } from '../parts/thennow.tsx'
import { useNow } from '../parts/usenow.ts'
import { strings } from '../strings.ts'
import { paneWords } from '../words/pane.ts'
import { NoticesAbout } from './noticesabout.tsx'
import { useDetail, useHistory } from './usesession.ts'
import type { Loaded, LoadedHistory } from './usesession.ts'

const words = strings.detail

export interface DetailPaneProps {
  readonly id: string
  /** Rises with each check that was begun outside of the pane. */
  readonly checkTurn: number
  readonly onClose: () => void
  readonly onOpen: (id: string) => void
  readonly onShowInList: (network: string) => void
  readonly onRule: (rule: RuleKind, session: LiveSession, at: { readonly x: number; readonly y: number }) => void
}

export function DetailPane({ id, checkTurn, onClose, onOpen, onShowInList, onRule }: DetailPaneProps) {
  const { live, rechecks, rules, actions, noticeActions } = useConsole()
  const known = useSyncExternalStore(live.subscribe, useCallback(() => live.find(id), [live, id]))
  const check = useSyncExternalStore(rechecks.subscribe, useCallback(() => rechecks.of(id), [rechecks, id]))
  const clock = useNow()
  const [attempt, setAttempt] = useState(0)
  const loaded = useDetail(id, known?.open === true, attempt)
  const session = loaded.kind === 'loaded' ? { ...loaded.detail.session, open: false } : known
  const history = useHistory(session?.client ?? null, session?.verifiedName ?? null, check?.kind === 'done' ? check.result : null)
  const [when, setWhen] = useWhen(id, check !== null, checkTurn)
  const rule = (kind: RuleKind) => (event: React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    if (session !== null) onRule(kind, session, { x: box.left, y: box.bottom })
  }
  const changeWhen = (next: When) => {
    setWhen(next)
    if (next !== 'then' && check === null) void rechecks.run(id, false)
  }
  // The same book as the rows': the history is older by up to a quarter of a minute, and a ban that is lifted and put back at once is no news to it.
  const { kind, book } = useSyncExternalStore(rules.subscribe, rules.view)
  const ruling = session === null || kind !== 'loaded' ? null : book.match(session.client, session.verifiedName)
  return (
    <aside className="pane" aria-label={words.label}>
      <header className="panehead">
        {session === null ? null : <><h2><Name text={session.client} /></h2><DispositionWord session={session} /></>}
        <div className="grow" />
        {session === null ? null : (
          <div className="panebuttons">
            <button type="button" className="action" onClick={rule('ban')}><IconBan size={14} aria-hidden />{strings.live.actions.ban}</button>
            <button type="button" className="action" onClick={rule('allow')}><IconShieldCheck size={14} aria-hidden />{strings.live.actions.allow}</button>
            {canNotify(session) ? <button type="button" className="action" title={`${strings.live.actions.notify} (n)`} onClick={() => noticeActions.write(id)}><IconSend size={14} aria-hidden />{strings.live.actions.notify}</button> : null}
            <button type="button" className="action" title={paneWords.checkAgainHelp} disabled={session.open || check?.kind === 'running'} onClick={() => { setWhen('both'); void rechecks.run(id, true) }}><IconRefresh size={14} aria-hidden />{paneWords.checkAgain}</button>
          </div>
        )}
        <button type="button" className="plainbutton" aria-label={words.close} title={`${words.close} (Esc)`} onClick={onClose}><IconX size={16} aria-hidden /></button>
      </header>
      <div className="panebody" tabIndex={0} role="region" aria-label={words.body}>
        {loaded.kind === 'loaded' ? (
          <Detail key={id} detail={loaded.detail} when={when} onWhen={changeWhen} now={check ?? { kind: 'none' }} clock={clock} onAsk={() => void rechecks.run(id, false)}
            standing={ruling === null ? null : <Standing ban={ruling.ban} allow={ruling.allow} onRemove={(each) => void actions.removeRule(each)} />}
            history={<HistorySection loaded={history} current={id} clock={clock} onOpen={onOpen} onShowInList={onShowInList} />} />
        ) : known?.open === true ? (
          <div className="detail"><p className="sentence">{words.running}</p><Facts session={known} rules={null} /></div>
        ) : <Trouble loaded={loaded} onAgain={() => setAttempt(attempt + 1)} />}
      </div>
    </aside>
  )
}

/** Then, until something was asked of now; what is chosen here holds until the next session or the next check from outside the pane. */
function useWhen(id: string, checked: boolean, turn: number): readonly [When, (when: When) => void] {
  const [chosen, setChosen] = useState<{ readonly id: string; readonly turn: number; readonly when: When } | null>(null)
  return [chosen?.id === id && chosen.turn === turn ? chosen.when : checked ? 'both' : 'then', (when) => setChosen({ id, turn, when })]
}

function HistorySection({ loaded, current, clock, onOpen, onShowInList }: { readonly loaded: LoadedHistory; readonly current: string; readonly clock: number } & Pick<DetailPaneProps, 'onOpen' | 'onShowInList'>) {
  return (
    <Section title={paneWords.history} aside={loaded.kind === 'loaded' ? <span className="dim"><Name text={loaded.history.scope} /></span> : null}>
      {loaded.kind === 'loaded' ? <NoticesAbout client={loaded.history.scope} /> : null}
      {loaded.kind === 'loaded' ? <History history={loaded.history} current={current} now={clock} onOpen={onOpen} onShowInList={onShowInList} /> : <p className="dim">{loaded.kind === 'loading' ? paneWords.historyLoading : paneWords.historyFailed}</p>}
    </Section>
  )
}

function Trouble({ loaded, onAgain }: { readonly loaded: Loaded; readonly onAgain: () => void }) {
  if (loaded.kind === 'failed') return <p className="note">{words.failed} <button type="button" className="link" onClick={onAgain}>{words.again}</button></p>
  if (loaded.kind === 'offline') return <p className="note dim">{paneWords.noLine}</p>
  return <p className="note dim">{loaded.kind === 'gone' ? words.gone : words.loading}</p>
}
