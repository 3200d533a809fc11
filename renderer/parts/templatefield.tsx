/** The text of a notice with its fields: edited in plain text; each mistake is told with its line and leads there; a field is put in at the caret. */
import { useId, useRef } from 'react'
import { Textarea } from '@mantine/core'
import { BLOCK_FIELDS, MAX_TEMPLATE, TEXT_FIELDS } from '../../shared/notice/template.ts'
import type { TemplateProblem } from '../../shared/notice/template.ts'
import { fieldHelp } from '../words/noticefields.ts'
import { noticesWords } from '../words/notices.ts'
import { Said } from './outside.tsx'

const words = noticesWords.editor

export interface TemplateFieldProps {
  readonly text: string
  readonly label: string
  readonly help: string
  /** Not what is kept. */
  readonly changed: boolean
  readonly problems: readonly TemplateProblem[]
  readonly rows?: number
  readonly onChange: (text: string) => void
  readonly onBack: () => void
}

export function TemplateField({ text, label, help, changed, problems, rows = 14, onChange, onBack }: TemplateFieldProps) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement | null>(null)
  const select = (from: number, to: number) => {
    area.current?.focus()
    area.current?.setSelectionRange(from, to)
  }
  const goTo = (line: number) => {
    const from = text.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
    const end = text.indexOf('\n', from)
    select(from, end === -1 ? text.length : end)
  }
  const insert = (field: string) => {
    const from = area.current?.selectionStart ?? text.length
    onChange(`${text.slice(0, from)}{${field}}${text.slice(area.current?.selectionEnd ?? from)}`)
    requestAnimationFrame(() => select(from + field.length + 2, from + field.length + 2))
  }
  return (
    <div className="templatefield">
      <Textarea ref={area} size="xs" label={label} description={help} rows={rows} maxLength={MAX_TEMPLATE} spellCheck={false} value={text} aria-invalid={problems.length > 0 || undefined} aria-describedby={problems.length > 0 ? id : undefined} onChange={(event) => onChange(event.currentTarget.value)} />
      {problems.length === 0 ? null : <ul id={id} role="alert" className="problems problem">{problems.map(({ line, problem }, index) => <li key={index}><button type="button" className="link problem" title={words.goTo(line)} onClick={() => goTo(line)}><Said text={words.line(line, problem)} className="plain" /></button></li>)}</ul>}
      <div className="filerow">
        {changed ? <><span className="tag">{words.changed}</span><button type="button" className="link" onClick={onBack}>{words.restoreText}</button></> : null}
        <details className="remarks"><summary>{words.fields}</summary><ul className="fieldnames">{[...TEXT_FIELDS, ...BLOCK_FIELDS].map((name) => <li key={name}><button type="button" className="link mono" aria-label={words.insert(name, fieldHelp[name])} onClick={() => insert(name)}>{`{${name}}`}</button> <span className="dim">{fieldHelp[name]}</span></li>)}</ul></details>
      </div>
    </div>
  )
}
