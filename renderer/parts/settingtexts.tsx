/** Reply texts: a line for each finding, buttons that put a field in at the cursor, and what a sample sender would hear. */
import { useRef } from 'react'
import { TextInput } from '@mantine/core'
import type { Finding } from '../../shared/events.ts'
import { FINDINGS } from '../../shared/events.ts'
import { refusalText } from '../../shared/gate/replytext.ts'
import { isObject } from '../../shared/settingsjson.ts'
import { problemsAt } from '../model/settings.ts'
import { strings } from '../strings.ts'
import { settingsWords as words } from '../words/settings.ts'
import type { SettingKind } from '../../shared/settingkinds.ts'
import { Said } from './outside.tsx'
import type { ControlProps } from './settingcontrols.tsx'

type Props = ControlProps & { readonly kind: Extract<SettingKind, { kind: 'texts' }> }

export function TextsControl({ id, field, value, describedBy, problems, kind, onChange }: Props) {
  const texts = isObject(value) ? value : {}
  const change = (name: string, text: string) => {
    const next = Object.fromEntries(Object.entries({ ...texts, [name]: text }).filter(([, one]) => one !== ''))
    onChange(Object.keys(next).length === 0 ? undefined : next)
  }
  return (
    <div className="texts" role="group" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
      {FINDINGS.filter((name) => kind.names.includes(name)).map((name) => (
        <ReplyText key={name} id={`${id}-${name}`} name={name} text={typeof texts[name] === 'string' ? texts[name] : ''} fields={kind.fields} wrong={problemsAt(problems, `${field.key}.${name}`).length > 0} onChange={(text) => change(name, text)} />
      ))}
    </div>
  )
}

interface ReplyTextProps {
  readonly id: string
  readonly name: Finding
  readonly text: string
  readonly fields: readonly string[]
  readonly wrong: boolean
  readonly onChange: (text: string) => void
}

function ReplyText({ id, name, text, fields, wrong, onChange }: ReplyTextProps) {
  const input = useRef<HTMLInputElement>(null)
  const insert = (field: string) => {
    const element = input.current
    const from = element?.selectionStart ?? text.length
    const to = element?.selectionEnd ?? from
    onChange(`${text.slice(0, from)}{${field}}${text.slice(to)}`)
    const at = from + field.length + 2
    // After the render that brings the new text.
    requestAnimationFrame(() => {
      element?.focus()
      element?.setSelectionRange(at, at)
    })
  }
  const said = sample(name, text)
  return (
    <div className="replytext">
      <TextInput ref={input} id={id} size="xs" className="wide" label={`${strings.findings[name]}`} aria-label={words.textFor(strings.findings[name])} aria-invalid={wrong || undefined} aria-describedby={`${id}-preview`} maxLength={400} autoComplete="off"
        placeholder={words.ownText} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      <div className="fieldbuttons" role="group" aria-label={words.insertInto(strings.findings[name])}>
        {fields.map((one) => <button key={one} type="button" className="chipbutton mono" aria-label={words.insert(one)} title={words.fieldHelp[one] ?? ''} onClick={() => insert(one)}>{`{${one}}`}</button>)}
      </div>
      <p className="dim preview" id={`${id}-preview`}>{words.preview} <Said text={said} /></p>
    </div>
  )
}

/** A sample sender refused for this finding alone. */
function sample(finding: Finding, override: string): string {
  const judgement = {
    ehlo: 'mail.acme.example', verdict: finding === 'dns-temporary' ? 'tempfail' : 'reject', iprev: finding === 'ptr-missing' ? 'permerror' : 'fail',
    ptrNames: finding === 'ptr-missing' ? [] : ['host7.isp.example'], verifiedNames: [], findings: [finding], refusedFor: [finding], reply: { code: 550, enhanced: '5.7.1', finding },
  } as const
  return refusalText('192.0.2.7', judgement, finding, { detail: 'full', overrides: override === '' ? {} : { [finding]: override }, helpUrl: 'https://help.shop.example', id: 'k3f9' })
}
