/** Ban or whitelist, asked where one clicked: whom, how long, why, and beside it whom it would hit. Enter confirms; what was typed stays if it fails. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { Button, NativeSelect, Popover, Radio, TextInput } from '@mantine/core'
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import { ALLOW_LENGTHS, BAN_LENGTHS, scopesFor } from '../model/scopes.ts'
import type { ScopeChoice } from '../model/scopes.ts'
import type { Done, Preview, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Name, Said } from './outside.tsx'

const words = strings.rule

export interface RulePopoverProps {
  readonly kind: RuleKind
  readonly session: Pick<SessionRecord, 'client' | 'verifiedName' | 'ptrNames'>
  readonly at: { readonly x: number; readonly y: number }
  readonly preview: (kind: RuleKind, scope: string) => Promise<Preview>
  readonly onSubmit: (wish: RuleWish) => Promise<Done>
  readonly onClose: () => void
}

export function RulePopover(props: RulePopoverProps) {
  const { kind, at, onClose } = props
  const title = kind === 'ban' ? words.banTitle : words.allowTitle
  return (
    <Popover opened withRoles={false} onDismiss={onClose} trapFocus returnFocus position="bottom-start" withinPortal shadow="md" transitionProps={{ duration: 0 }} closeOnEscape>
      <Popover.Target><div className="anchor" style={{ left: at.x, top: at.y }} /></Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} aria-label={title}><RuleForm {...props} title={title} /></Popover.Dropdown>
    </Popover>
  )
}

/** "3600000", or "ever": select boxes only know text. */
export const lengthValue = (ms: number | null) => (ms === null ? 'ever' : ms.toString())
export const lengthOfValue = (value: string) => (value === 'ever' ? null : Number(value))
export const lengthOptions = (kind: RuleKind) =>
  (kind === 'ban' ? BAN_LENGTHS : ALLOW_LENGTHS).map((ms) => ({ value: lengthValue(ms), label: ms === null ? words.forGood : strings.longLength(ms) }))
/** Four days for a ban, as POLICY says; a whitelist entry is for good unless said otherwise. */
export const usualLength = (kind: RuleKind) => lengthValue(kind === 'ban' ? BAN_LENGTHS[2] : null)

function RuleForm({ kind, session, preview, onSubmit, onClose, title }: RulePopoverProps & { readonly title: string }) {
  const choices = scopesFor(kind, session)
  const [scope, setScope] = useState(choices[0]?.scope ?? session.client)
  const [length, setLength] = useState(usualLength(kind))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    const done = await onSubmit({ kind, scope, forMs: lengthOfValue(length), reason: reason.trim() })
    setBusy(false)
    if (done.ok) onClose()
    else setProblem(done.problem)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="ruleform">
      <h2>{title}</h2>
      <Radio.Group value={scope} onChange={setScope} label={words.scope}>
        {choices.map((choice, index) => <ScopeRadio key={choice.scope} choice={choice} focused={index === 0} />)}
      </Radio.Group>
      {kind === 'allow' && session.verifiedName === null && session.ptrNames.length > 0 ? <p className="dim">{words.claimedNote}</p> : null}
      <div className="pair">
        <NativeSelect size="xs" label={words.length} value={length} onChange={(event) => setLength(event.currentTarget.value)} data={lengthOptions(kind)} />
        <TextInput size="xs" label={words.reason} placeholder={words.reasonPlaceholder} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </div>
      <WouldHit key={scope} kind={kind} scope={scope} preview={preview} />
      {problem === null ? null : <p role="alert" className="problem">{words.refused} <Said text={problem} className="plain" /></p>}
      <div className="buttons">
        <Button size="xs" variant="default" onClick={onClose}>{words.cancel}</Button>
        <Button size="xs" type="submit" loading={busy}>{kind === 'ban' ? words.banButton : words.allowButton}</Button>
      </div>
    </form>
  )
}

function ScopeRadio({ choice, focused }: { readonly choice: ScopeChoice; readonly focused: boolean }) {
  const radio = useRef<HTMLInputElement>(null)
  // At once, not when the focus trap wakes: whoever types b, Enter means it.
  useLayoutEffect(() => {
    if (focused) radio.current?.focus({ preventScroll: true })
  }, [focused])
  return <Radio ref={radio} size="xs" className="scope" value={choice.scope} data-autofocus={focused || undefined} label={<><Name text={choice.scope} /> <span className="dim">{words.kinds[choice.kind]}</span></>} />
}

const SHOWN = 5

function WouldHit({ kind, scope, preview }: { readonly kind: RuleKind; readonly scope: string; readonly preview: RulePopoverProps['preview'] }) {
  const [found, setFound] = useState<Preview | null>(null)
  const id = useId()
  useEffect(() => {
    let stale = false
    void preview(kind, scope).then((result) => {
      if (!stale) setFound(result)
    })
    return () => {
      stale = true
    }
  }, [kind, scope, preview])
  if (found === null) return <p className="hits dim">{words.checking}</p>
  if (!found.ok) return <p className="hits problem"><Said text={found.problem} className="plain" /></p>
  const hits = found.wouldHit
  if (hits.length === 0) return <p className="hits dim">{kind === 'ban' ? words.noHits : words.noHitsAllow}</p>
  return (
    <div className={kind === 'ban' ? 'hits warn' : 'hits'}>
      <div id={id}>{kind === 'ban' ? words.hits : words.hitsAllow}</div>
      <ul aria-labelledby={id}>
        {hits.slice(0, SHOWN).map((hit) => <li key={hit.client}><Name text={hit.client} /> {hit.name === null ? null : <Name text={hit.name} className="dim clip" />} <span className="dim">{words.sessions(hit.sessions)}</span></li>)}
        {hits.length > SHOWN ? <li className="dim">{words.moreHits(hits.length - SHOWN)}</li> : null}
      </ul>
    </div>
  )
}
