/** The pane beside the list: one session loaded from the journal, or what is known of it while it is under way. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { IconBan, IconShieldCheck, IconX } from '@tabler/icons-react'
import type { SessionDetail } from '../../shared/api.ts'
import type { Rule, RuleKind } from '../../shared/events.ts'
import { useConsole, useLine } from '../console.ts'
import type { LiveSession } from '../model/feed.ts'
import type { Match } from '../model/rulebook.ts'
import { Detail, Facts } from '../parts/detail.tsx'
import { DispositionWord } from '../parts/disposition.tsx'
import { Name } from '../parts/outside.tsx'
import { StandingNow } from '../parts/standingnow.tsx'
import { strings } from '../strings.ts'

const words = strings.detail

type Loaded =
  | { readonly kind: 'loading' | 'failed' | 'gone' }
  | { readonly kind: 'loaded'; readonly detail: SessionDetail }

export interface DetailPaneProps {
  readonly id: string
  readonly onClose: () => void
  readonly matchOf: (session: LiveSession) => Match
  readonly onLift: (rule: Rule) => void
  readonly onRule: (rule: RuleKind, session: LiveSession, at: { readonly x: number; readonly y: number }) => void
}

export function DetailPane({ id, onClose, matchOf, onLift, onRule }: DetailPaneProps) {
  const { live } = useConsole()
  const known = useSyncExternalStore(live.subscribe, () => live.find(id))
  const [attempt, setAttempt] = useState(0)
  const loaded = useDetail(id, known?.open === true, attempt)
  const session = loaded.kind === 'loaded' ? { ...loaded.detail.session, open: false } : known
  const rule = (kind: RuleKind) => (event: React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    if (session !== null) onRule(kind, session, { x: box.left, y: box.bottom })
  }
  return (
    <aside className="pane" aria-label={words.label}>
      <header className="panehead">
        {session === null ? null : <><h2><Name text={session.client} /></h2><DispositionWord session={session} /></>}
        <div className="grow" />
        {session === null ? null : (
          <div className="panebuttons">
            <button type="button" className="action" onClick={rule('ban')}><IconBan size={14} aria-hidden />{strings.live.actions.ban}</button>
            <button type="button" className="action" onClick={rule('allow')}><IconShieldCheck size={14} aria-hidden />{strings.live.actions.allow}</button>
          </div>
        )}
        <button type="button" className="plainbutton" aria-label={words.close} title={`${words.close} (Esc)`} onClick={onClose}><IconX size={16} aria-hidden /></button>
      </header>
      {session === null ? null : <StandingNow match={matchOf(session)} onLift={onLift} />}
      <div className="panebody" tabIndex={0} role="region" aria-label={words.body}>
        {loaded.kind === 'loaded' ? <Detail detail={loaded.detail} /> : known?.open === true ? (
          <div className="detail"><p className="sentence">{words.running}</p><Facts session={known} rules={null} /></div>
        ) : <Trouble loaded={loaded} onAgain={() => setAttempt(attempt + 1)} />}
      </div>
    </aside>
  )
}

function Trouble({ loaded, onAgain }: { readonly loaded: Loaded; readonly onAgain: () => void }) {
  if (loaded.kind === 'failed') return <p className="note">{words.failed} <button type="button" className="link" onClick={onAgain}>{words.again}</button></p>
  return <p className="note dim">{loaded.kind === 'gone' ? words.gone : words.loading}</p>
}

/** A session that has only just ended may not be written yet: it is asked for a few times. */
const TRIES = 4
const AGAIN_MS = 400

function useDetail(id: string, open: boolean, attempt: number): Loaded {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [loaded, setLoaded] = useState<{ readonly id: string; readonly value: Loaded } | null>(null)
  useEffect(() => {
    if (open || !up) return
    const stop = new AbortController()
    const load = async (): Promise<Loaded> => {
      for (let tries = 0; tries < TRIES && !stop.signal.aborted; tries += 1) {
        const detail = await line.api()?.sessions.get({ id }, { signal: stop.signal })
        if (detail === undefined) return { kind: 'failed' }
        if (detail !== null) return { kind: 'loaded', detail }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
      return { kind: 'gone' }
    }
    load()
      .catch((): Loaded => ({ kind: 'failed' }))
      .then((value) => {
        if (!stop.signal.aborted) setLoaded({ id, value })
      }, () => undefined)
    return () => stop.abort()
  }, [id, open, up, attempt, line])
  return loaded?.id === id ? loaded.value : { kind: 'loading' }
}
