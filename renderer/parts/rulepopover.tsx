/** Ban or whitelist, asked where one clicked: whom, how long, why, and beside it whom it would hit. Enter confirms; what was typed stays if it fails. */
import { useLayoutEffect, useRef, useState } from 'react'
import { Button, Popover, Radio, TextInput } from '@mantine/core'
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import { lengthValue, readLength } from '../model/lengths.ts'
import { lengthsFor, usualLength } from '../model/presets.ts'
import { registeredChoice, scopesFor } from '../model/scopes.ts'
import type { ScopeChoice } from '../model/scopes.ts'
import type { Standing } from '../model/standing.ts'
import type { Done, NetworkAnswer, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Impact, StandingLines } from './impact.tsx'
import type { Look } from './impact.tsx'
import { LengthField } from './lengthfield.tsx'
import { Name, Said } from './outside.tsx'
import { useNetwork } from './usenetwork.ts'
import type { NetworkLook } from './usenetwork.ts'

const words = strings.rule

export interface RulePopoverProps {
  readonly kind: RuleKind
  readonly session: Pick<SessionRecord, 'client' | 'verifiedName' | 'ptrNames'>
  readonly at: { readonly x: number; readonly y: number }
  readonly preview: Look
  /** What is there already. */
  readonly standing?: (kind: RuleKind, scope: string, verifiedName: string | null) => readonly Standing[]
  readonly isSpared?: (sender: Sender) => boolean
  /** The registered network around an address; missing: there is no such lookup. */
  readonly network?: (address: string) => Promise<NetworkAnswer>
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

export const lengthPresets = (kind: RuleKind) => lengthsFor(kind).map((ms) => ({ value: lengthValue(ms), label: ms === null ? words.forGood : strings.longLength(ms) }))

const nothing = () => []
const never = () => false

function RuleForm({ kind, session, preview, standing = nothing, isSpared = never, network, onSubmit, onClose, title }: RulePopoverProps & { readonly title: string }) {
  const look = useNetwork(session.client, network)
  const registered = look.kind === 'known' ? registeredChoice(kind, look.answer) : null
  const choices = [...scopesFor(kind, session), ...(registered === null ? [] : [registered])]
  const [scope, setScope] = useState(choices[0]?.scope ?? session.client)
  const [length, setLength] = useState(usualLength(kind))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const chosen = choices.find((choice) => choice.scope === scope)
  const scopes = [scope, ...(chosen?.more ?? [])]
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    const forHowLong = readLength(length, Date.now())
    if (busy || !forHowLong.ok) return
    setBusy(true)
    setProblem(null)
    const done = await onSubmit({ kind, scope, more: scopes.slice(1), forMs: forHowLong.ms ?? null, reason: reason.trim() })
    setBusy(false)
    if (done.ok) onClose()
    else setProblem(done.problem)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="ruleform wide">
      <h2>{title}</h2>
      <div className="beside">
        <div className="asked">
          <Radio.Group value={scope} onChange={setScope} label={words.scope}>
            {choices.map((choice, index) => <ScopeRadio key={choice.scope} choice={choice} focused={index === 0} />)}
          </Radio.Group>
          <RegistryNote look={look} offered={registered !== null} />
          {kind === 'allow' && session.verifiedName === null && session.ptrNames.length > 0 ? <p className="dim">{words.claimedNote}</p> : null}
          <LengthField label={words.length} presets={lengthPresets(kind)} value={length} onChange={setLength} />
          <TextInput size="xs" label={words.reason} placeholder={words.reasonPlaceholder} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        </div>
        <section className="met" aria-label={words.impact}>
          <h3>{words.impact}</h3>
          <Impact kind={kind} scopes={scopes} look={preview} isSpared={isSpared} />
          <StandingLines kind={kind} standings={scopes.length > 1 ? [] : standing(kind, scope, session.verifiedName)} />
        </section>
      </div>
      {problem === null ? null : <p role="alert" className="problem">{words.refused} <Said text={problem} className="plain" /></p>}
      <div className="buttons">
        <Button size="xs" variant="default" onClick={onClose}>{words.cancel}</Button>
        <Button size="xs" type="submit" loading={busy} disabled={!readLength(length, 0).ok}>{kind === 'ban' ? words.banButton : words.allowButton}</Button>
      </div>
    </form>
  )
}

/** Where the registered network is not among the choices, why. */
function RegistryNote({ look, offered }: { readonly look: NetworkLook; readonly offered: boolean }) {
  switch (look.kind) {
    case 'none': return null
    case 'looking': return <p className="dim" role="status">{words.registry.looking}</p>
    case 'failed': return <p className="dim">{words.registry.failed} <button type="button" className="link" onClick={look.again}>{words.registry.retry}</button></p>
    case 'known': return look.answer.known ? (offered ? null : <p className="dim">{words.registry.none(words.registry.wide)}</p>) : <p className="dim"><Said text={words.registry.none(look.answer.why)} className="plain" /></p>
  }
}

function ScopeRadio({ choice, focused }: { readonly choice: ScopeChoice; readonly focused: boolean }) {
  const radio = useRef<HTMLInputElement>(null)
  // At once, not when the focus trap wakes: whoever types b, Enter means it.
  useLayoutEffect(() => {
    if (focused) radio.current?.focus({ preventScroll: true })
  }, [focused])
  const label = (
    <span title={choice.kind === 'registered' ? words.registry.title : undefined}>
      <Name text={choice.scope} />{choice.more === undefined || choice.more.length === 0 ? null : <span className="dim"> +{choice.more.length}</span>} <span className="dim">{words.kinds[choice.kind]}</span>
      {choice.name === undefined ? null : <> <Name text={choice.name} className="dim" /></>}
    </span>
  )
  return <Radio ref={radio} size="xs" className="scope" value={choice.scope} data-autofocus={focused || undefined} label={label} />
}
