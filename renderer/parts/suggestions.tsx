/** What the rules could do better, by kind: why, whom it would touch, and buttons to do it, all of it, or to be told no more. */
import { useId, useState } from 'react'
import { Button } from '@mantine/core'
import type { SuggestedChange, SuggestionList } from '../../shared/api/rulework.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { strings } from '../strings.ts'
import { suggestionWords as words } from '../words/suggestions.ts'
import { SenderList } from './impact.tsx'
import { Name, Said } from './outside.tsx'
import { Ago } from './when.tsx'

export interface SuggestionsProps {
  readonly list: SuggestionList
  readonly now: number
  readonly busy: boolean
  readonly onAccept: (suggestions: readonly SuggestedChange[]) => void
  /** All of a kind, also those that are not shown. */
  readonly onAcceptAll: (kind: Suggestion['kind']) => void
  readonly onDismiss: (suggestion: Suggestion, dismissed: boolean) => void
}

const KINDS: readonly Suggestion['kind'][] = ['ban-correspondent', 'ban-network', 'lift-unused', 'allow-provider']
const FEW = 12

export function Suggestions(props: SuggestionsProps) {
  const { list } = props
  return (
    <div className="suggestions" role="region" tabIndex={0} aria-label={words.label}>
      {KINDS.map((kind) => {
        const suggestions = list.open.filter((suggestion) => suggestion.kind === kind)
        return suggestions.length === 0 ? null : <Group key={kind} {...props} kind={kind} suggestions={suggestions} />
      })}
      <p className="dim" role="status">{list.asking === true ? words.asking : null}</p>
      {list.dismissed.length === 0 ? null : <Dismissed {...props} />}
    </div>
  )
}

function Group({ kind, suggestions, list, now, busy, onAccept, onAcceptAll, onDismiss }: SuggestionsProps & { readonly kind: Suggestion['kind']; readonly suggestions: readonly SuggestedChange[] }) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const { title, why } = words.groups[kind]
  const count = list.counts[kind]
  const shown = isOpen ? suggestions : suggestions.slice(0, FEW)
  return (
    <section aria-labelledby={id} className="suggested">
      <header>
        <h2 id={id}>{title} <span className="dim">{strings.number(count)}</span></h2>
        {count > 1 && (kind === 'lift-unused' || kind === 'allow-provider') ? <Button size="compact-xs" disabled={busy} onClick={() => onAcceptAll(kind)}>{words.acceptAll[kind](count)}</Button> : null}
      </header>
      <p className="dim">{why}</p>
      <ul>
        {shown.map((suggestion) => (
          <li key={suggestion.scope}>
            <div className="what"><One suggestion={suggestion} now={now} /></div>
            <div className="choose">
              <button type="button" className="action" disabled={busy} aria-label={words.acceptOf[kind](suggestion.scope)} onClick={() => onAccept([suggestion])}>{words.accept[kind]}</button>
              <button type="button" className="link" disabled={busy} aria-label={words.dismissOf(suggestion.scope)} onClick={() => onDismiss(suggestion, true)}>{words.dismiss}</button>
            </div>
          </li>
        ))}
      </ul>
      {suggestions.length > shown.length ? <p><button type="button" className="link" onClick={() => setOpen(true)}>{words.showAll(suggestions.length)}</button></p> : null}
      {isOpen && count > suggestions.length ? <p className="dim">{words.more(count - suggestions.length)}</p> : null}
    </section>
  )
}

function One({ suggestion, now }: { readonly suggestion: SuggestedChange; readonly now: number }) {
  switch (suggestion.kind) {
    case 'ban-network':
      return (
        <>
          <div><Name text={suggestion.scope} className="strong" /> <span className="dim">{words.network(suggestion.members.length)}</span>{suggestion.holder === undefined ? null : <span className="dim">; <Said text={words.holder(suggestion.holder)} className="plain" /></span>}</div>
          <details><summary>{words.members}</summary><p className="members">{suggestion.members.map((member) => <Name key={member} text={member} />)}</p></details>
          <Touched suggestion={suggestion} title={words.hits} none={words.noHits} />
        </>
      )
    case 'ban-correspondent':
      return (
        <>
          <div><Name text={suggestion.scope} className="strong" /> <span className="dim">{words.earned(strings.ago(now - Date.parse(suggestion.earnedAt)), strings.ago(now - Date.parse(suggestion.acceptedAt)))}</span></div>
          <Touched suggestion={suggestion} title={words.hits} none={words.noHits} />
        </>
      )
    case 'lift-unused':
      return <div><Name text={suggestion.scope} className="strong" /> <span className="dim">{words.idle} <Ago iso={suggestion.idleSince} now={now} /></span></div>
    case 'allow-provider':
      return (
        <>
          <div><Name text={suggestion.scope} className="strong" /> <span className="dim"><Said text={suggestion.provider} className="plain" /></span></div>
          <Touched suggestion={suggestion} title={words.frees} none={words.noFrees} />
        </>
      )
  }
}

function Touched({ suggestion, title, none }: { readonly suggestion: SuggestedChange; readonly title: string; readonly none: string }) {
  const id = useId()
  if (suggestion.senders.length === 0) return <p className="dim">{none}</p>
  const warns = suggestion.kind !== 'allow-provider'
  return (
    <div className={warns ? 'hits warn' : 'hits'}>
      <div id={id} className="hitshead">{title}</div>
      <SenderList senders={suggestion.senders} labelledBy={id} />
    </div>
  )
}

function Dismissed({ list, busy, onDismiss }: SuggestionsProps) {
  return (
    <details className="suggested dismissed">
      <summary>{words.dismissed(list.dismissed.length)}</summary>
      <ul>
        {list.dismissed.map((suggestion) => (
          <li key={`${suggestion.kind} ${suggestion.scope}`}>
            <div className="what"><Name text={suggestion.scope} /> <span className="dim">{words.groups[suggestion.kind].title}</span></div>
            <div className="choose"><button type="button" className="link" disabled={busy} aria-label={words.takeBackOf(suggestion.scope)} onClick={() => onDismiss(suggestion, false)}>{words.takeBack}</button></div>
          </li>
        ))}
      </ul>
    </details>
  )
}
