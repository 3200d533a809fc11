/** What a rule would have met in the last 30 days, and what is there already: beside the question, before it is answered. */
import { useEffect, useId, useState } from 'react'
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind } from '../../shared/events.ts'
import type { Standing } from '../model/standing.ts'
import { exactTime } from '../model/time.ts'
import type { Preview } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Name, Said } from './outside.tsx'

const words = strings.rule

export type Look = (kind: RuleKind, scope: string) => Promise<Preview>

export interface ImpactProps {
  readonly kind: RuleKind
  /** Several for a registered network that is several. */
  readonly scopes: readonly string[]
  readonly look: Look
  /** Whether a whitelist entry spares this good sender from a ban. */
  readonly isSpared: (sender: Sender) => boolean
  /** Waits so long before it asks: someone is typing. */
  readonly delayMs?: number
}

const SHOWN = 5

export function Impact({ kind, scopes, look, isSpared, delayMs = 0 }: ImpactProps) {
  const key = scopes.join(' ')
  const [found, setFound] = useState<{ readonly key: string; readonly preview: Preview } | null>(null)
  useEffect(() => {
    let stale = false
    const timer = setTimeout(() => {
      void Promise.all(key.split(' ').map((scope) => look(kind, scope))).then((previews) => {
        if (!stale) setFound({ key, preview: together(previews) })
      })
    }, delayMs)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [kind, key, look, delayMs])
  if (found?.key !== key) return <p className="hits dim" role="status">{words.checking}</p>
  return <Found kind={kind} preview={found.preview} isSpared={isSpared} />
}

function Found({ kind, preview, isSpared }: { readonly kind: RuleKind; readonly preview: Preview; readonly isSpared: ImpactProps['isSpared'] }) {
  const id = useId()
  if (!preview.ok) return <p className="hits problem"><Said text={preview.problem} className="plain" /></p>
  const { wouldHit, refused } = preview
  const refusedWords = kind === 'ban' ? words.refusedBan : words.refusedAllow
  const warns = kind === 'ban' && wouldHit.some((sender) => !isSpared(sender))
  return (
    <div className={warns ? 'hits warn' : 'hits'}>
      {wouldHit.length === 0 ? <p>{kind === 'ban' ? words.noHits : words.noHitsAllow}</p> : (
        <>
          <div id={id} className="hitshead">{kind === 'ban' ? words.hits : words.hitsAllow}</div>
          <SenderList senders={wouldHit} labelledBy={id} {...(kind === 'ban' ? { isSpared } : {})} />
        </>
      )}
      <p className="dim">{refused.sessions === 0 ? words.noRefused : refusedWords(refused.sessions, refused.clients, refused.atLeast)}</p>
    </div>
  )
}

export function SenderList({ senders, labelledBy, isSpared = () => false }: { readonly senders: readonly Sender[]; readonly labelledBy: string; readonly isSpared?: ImpactProps['isSpared'] }) {
  return (
    <ul aria-labelledby={labelledBy}>
      {senders.slice(0, SHOWN).map((sender) => (
        <li key={sender.client}>
          <Name text={sender.client} /> {sender.name === null ? null : <Name text={sender.name} className="dim clip" />} <span className="dim">{words.sessions(sender.sessions)}</span>
          {isSpared(sender) ? <span className="dim">({words.spared})</span> : null}
        </li>
      ))}
      {senders.length > SHOWN ? <li className="dim">{words.moreHits(senders.length - SHOWN)}</li> : null}
    </ul>
  )
}

/** What is there already for this scope. */
export function StandingLines({ kind, standings }: { readonly kind: RuleKind; readonly standings: readonly Standing[] }) {
  if (standings.length === 0) return null
  return <ul className="standings">{standings.map((standing) => <li key={standing.kind} data-kind={standing.kind}><Said text={sentence(kind, standing)} className="plain" /></li>)}</ul>
}

function sentence(kind: RuleKind, standing: Standing): string {
  const { rule } = standing
  const until = rule.until === null ? words.forGoodLower : words.until(exactTime(rule.until).replace(/:\d\d\.\d{3}/, ''))
  switch (standing.kind) {
    case 'same': return words.standing.same(kind, until)
    case 'covered': return words.standing.covered(kind, rule.scope, until)
    case 'beaten': return words.standing.beaten(rule.scope)
    case 'exceptions': return words.standing.exceptions(standing.count, rule.scope)
    case 'beats': return words.standing.beats(rule.scope)
    case 'lifts': return words.standing.lifts(rule.scope)
  }
}

/** Several networks asked as one. */
function together(previews: readonly Preview[]): Preview {
  const [first] = previews
  if (first === undefined) return { ok: false, problem: words.registry.failed }
  const wrong = previews.find((preview) => !preview.ok)
  if (wrong !== undefined) return wrong
  const good = previews.filter((preview) => preview.ok)
  return {
    ok: true,
    scope: good.map(({ scope }) => scope).join(' '),
    wouldHit: good.flatMap(({ wouldHit }) => wouldHit).sort((a, b) => b.sessions - a.sessions),
    refused: {
      sessions: good.reduce((sum, { refused }) => sum + refused.sessions, 0),
      clients: good.reduce((sum, { refused }) => sum + refused.clients, 0),
      atLeast: good.some(({ refused }) => refused.atLeast),
    },
  }
}
