/** Changes why a rule is there and when it ends; its scope is what it is. */
import { useState } from 'react'
import { Button, Popover, TextInput } from '@mantine/core'
import type { Rule } from '../../shared/events.ts'
import { KEEP, readLength } from '../model/lengths.ts'
import { exactTime } from '../model/time.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { LengthField } from './lengthfield.tsx'
import { Said } from './outside.tsx'
import { lengthPresets } from './rulepopover.tsx'

const words = strings.rules

export interface EditRuleProps {
  readonly rule: Rule
  readonly at: { readonly x: number; readonly y: number }
  /** `forMs` undefined: it ends when it would have ended; null: for good. */
  readonly onSubmit: (reason: string, forMs: number | null | undefined) => Promise<Done>
  readonly onClose: () => void
}

export function EditRule(props: EditRuleProps) {
  const { rule, at, onClose } = props
  return (
    <Popover opened withRoles={false} onDismiss={onClose} trapFocus returnFocus position="bottom-start" withinPortal shadow="md" transitionProps={{ duration: 0 }} closeOnEscape>
      <Popover.Target><div className="anchor" style={{ left: at.x, top: at.y }} /></Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} aria-label={words.editTitle(rule.scope)}><EditForm {...props} /></Popover.Dropdown>
    </Popover>
  )
}

function EditForm({ rule, onSubmit, onClose }: EditRuleProps) {
  const [reason, setReason] = useState(rule.reason)
  const [length, setLength] = useState(KEEP)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const read = readLength(length, 0)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    const now = readLength(length, Date.now())
    if (busy || !now.ok) return
    setBusy(true)
    const done = await onSubmit(reason.trim(), now.ms)
    setBusy(false)
    if (done.ok) onClose()
    else setProblem(done.problem)
  }
  const until = rule.until === null ? strings.rule.forGoodLower : strings.rule.until(exactTime(rule.until))
  return (
    <form className="ruleform" onSubmit={(event) => void submit(event)}>
      <h2><Said text={words.editTitle(rule.scope)} className="plain" /></h2>
      <TextInput size="xs" label={strings.rule.reason} value={reason} maxLength={500} data-autofocus onChange={(event) => setReason(event.currentTarget.value)} />
      <LengthField label={words.editHow} presets={[{ value: KEEP, label: strings.rule.keep }, ...lengthPresets(rule.kind)]} value={length} onChange={setLength} />
      <p className="dim">{words.editNow(until)}</p>
      {rule.by === 'auto' ? <p className="dim">{words.editNote}</p> : null}
      {problem === null ? null : <p role="alert" className="problem">{strings.rule.refused} <Said text={problem} className="plain" /></p>}
      <div className="buttons">
        <Button size="xs" variant="default" onClick={onClose}>{strings.rule.cancel}</Button>
        <Button size="xs" type="submit" loading={busy} disabled={!read.ok}>{words.save}</Button>
      </div>
    </form>
  )
}
