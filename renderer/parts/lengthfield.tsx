/** How long: presets, and an own length such as 3d typed beside them. */
import { NativeSelect, TextInput } from '@mantine/core'
import { ownLength, ownText, readLength } from '../model/lengths.ts'
import type { LengthValue } from '../model/lengths.ts'
import { strings } from '../strings.ts'

const words = strings.rule

export interface LengthPreset {
  readonly value: LengthValue
  readonly label: string
}

export interface LengthFieldProps {
  readonly label: string
  /** Where the toolbar says it already. */
  readonly labelHidden?: boolean
  readonly presets: readonly LengthPreset[]
  readonly value: LengthValue
  readonly onChange: (value: LengthValue) => void
}

const OWN = 'own'

export function LengthField({ label, labelHidden = false, presets, value, onChange }: LengthFieldProps) {
  const own = ownText(value)
  const isWrong = own !== null && own !== '' && !readLength(value, 0).ok
  return (
    <div className="lengthfield">
      <NativeSelect size="xs" {...(labelHidden ? { 'aria-label': label } : { label })} value={own === null ? value : OWN} data={[...presets, { value: OWN, label: words.own }]}
        onChange={(event) => onChange(event.currentTarget.value === OWN ? ownLength('') : event.currentTarget.value)} />
      {own === null ? null : (
        <TextInput size="xs" aria-label={words.ownLabel} placeholder={words.ownPlaceholder} value={own} error={isWrong ? words.ownProblem : null} maxLength={20} autoComplete="off" spellCheck={false} data-autofocus
          onChange={(event) => onChange(ownLength(event.currentTarget.value))} />
      )}
    </div>
  )
}
