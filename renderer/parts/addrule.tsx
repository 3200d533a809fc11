/** Adds a rule by hand, and shows meanwhile whom it would hit. The gate says what is wrong with it; what was typed stays. */
import { useState } from 'react'
import { Button, TextInput } from '@mantine/core'
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind } from '../../shared/events.ts'
import { isWide, parseScope } from '../../shared/gate/scope.ts'
import { readLength } from '../model/lengths.ts'
import { usualLength } from '../model/presets.ts'
import type { Standing } from '../model/standing.ts'
import type { Done, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Impact, StandingLines } from './impact.tsx'
import type { Look } from './impact.tsx'
import { LengthField } from './lengthfield.tsx'
import { Name } from './outside.tsx'
import { lengthPresets } from './rulepopover.tsx'

const words = strings.rules

export interface AddRuleProps {
  readonly kind: RuleKind
  readonly look: Look
  readonly standing: (kind: RuleKind, scope: string, verifiedName: string | null) => readonly Standing[]
  readonly isSpared: (sender: Sender) => boolean
  readonly onSubmit: (wish: RuleWish) => Promise<Done>
}

/** While someone types, the journal is not searched at each key. */
const TYPING_MS = 350

export function AddRule({ kind, look, standing, isSpared, onSubmit }: AddRuleProps) {
  const [scope, setScope] = useState('')
  const [reason, setReason] = useState('')
  const [length, setLength] = useState(usualLength(kind))
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  /** A scope that is more likely a slip than a wish was asked about once more. */
  const [asked, setAsked] = useState<string | null>(null)
  const parsed = scope.trim() === '' ? null : parseScope(kind, scope)
  const isAsked = parsed?.ok === true && asked === parsed.scope.text
  const isDoubtful = parsed?.ok === true && !isAsked && isWide(kind, parsed.scope.text)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    const forHowLong = readLength(length, Date.now())
    if (busy || scope.trim() === '' || !forHowLong.ok) return
    if (isDoubtful) {
      setAsked(parsed.scope.text)
      return
    }
    setBusy(true)
    const done = await onSubmit({ kind, scope: scope.trim(), forMs: forHowLong.ms ?? null, reason: reason.trim() })
    setBusy(false)
    setProblem(done.ok ? null : done.problem)
    if (!done.ok) return
    setScope('')
    setAsked(null)
    setReason('')
  }
  const type = (value: string) => {
    setScope(value)
    setProblem(null)
    setAsked(null)
  }
  return (
    <form className="addrule" onSubmit={(event) => void submit(event)}>
      <TextInput size="xs" className="scopefield" aria-label={words.addScope[kind]} placeholder={words.addPlaceholder[kind]} value={scope} error={problem} maxLength={300} autoComplete="off" spellCheck={false}
        onChange={(event) => type(event.currentTarget.value)} />
      <LengthField label={strings.rule.length} labelHidden presets={lengthPresets(kind)} value={length} onChange={setLength} />
      <TextInput size="xs" className="reasonfield" aria-label={strings.rule.reason} placeholder={strings.rule.reason} value={reason} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} />
      <Button size="xs" type="submit" loading={busy}>{isAsked ? words.wideButton[kind] : kind === 'ban' ? strings.rule.banButton : strings.rule.allowButton}</Button>
      {parsed?.ok !== true || problem !== null ? null : (
        <section className="met typed" aria-label={strings.rule.impact}>
          {isAsked ? <p role="alert" className="problem"><Name text={parsed.scope.text} /> {words.wide[kind]}</p> : null}
          <Impact kind={kind} scopes={[parsed.scope.text]} look={look} isSpared={isSpared} delayMs={TYPING_MS} />
          <StandingLines kind={kind} standings={standing(kind, parsed.scope.text, null)} />
        </section>
      )}
    </form>
  )
}
