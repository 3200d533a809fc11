/** Adds a rule by hand. The gate says what is wrong with it; what was typed stays. */
import { useState } from 'react'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { RuleKind } from '../../shared/events.ts'
import type { Done, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { lengthOfValue, lengthOptions, usualLength } from './rulepopover.tsx'

const words = strings.rules

export function AddRule({ kind, onSubmit }: { readonly kind: RuleKind; readonly onSubmit: (wish: RuleWish) => Promise<Done> }) {
  const [scope, setScope] = useState('')
  const [reason, setReason] = useState('')
  const [length, setLength] = useState(usualLength(kind))
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (busy || scope.trim() === '') return
    setBusy(true)
    const done = await onSubmit({ kind, scope: scope.trim(), forMs: lengthOfValue(length), reason: reason.trim() })
    setBusy(false)
    setProblem(done.ok ? null : done.problem)
    if (!done.ok) return
    setScope('')
    setReason('')
  }
  const type = (value: string) => {
    setScope(value)
    setProblem(null)
  }
  return (
    <form className="addrule" onSubmit={(event) => void submit(event)}>
      <TextInput size="xs" className="scopefield" aria-label={words.addScope[kind]} placeholder={words.addPlaceholder[kind]} value={scope} error={problem} maxLength={300} autoComplete="off" spellCheck={false}
        onChange={(event) => type(event.currentTarget.value)} />
      <NativeSelect size="xs" aria-label={strings.rule.length} value={length} onChange={(event) => setLength(event.currentTarget.value)} data={lengthOptions(kind)} />
      <TextInput size="xs" aria-label={strings.rule.reason} placeholder={strings.rule.reason} value={reason} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} />
      <Button size="xs" type="submit" loading={busy}>{kind === 'ban' ? strings.rule.banButton : strings.rule.allowButton}</Button>
    </form>
  )
}
