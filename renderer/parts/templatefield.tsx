/** The text of a notice with its fields: edited in plain text, each mistake told with its line. */
import { useId } from 'react'
import { Textarea } from '@mantine/core'
import { BLOCK_FIELDS, MAX_TEMPLATE, TEXT_FIELDS } from '../../shared/notice/template.ts'
import type { TemplateProblem } from '../../shared/notice/template.ts'
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
  return (
    <div className="templatefield">
      <Textarea size="xs" label={label} description={help} rows={rows} maxLength={MAX_TEMPLATE} spellCheck={false} value={text} aria-invalid={problems.length > 0 || undefined} aria-describedby={problems.length > 0 ? id : undefined} onChange={(event) => onChange(event.currentTarget.value)} />
      {problems.length === 0 ? null : <ul id={id} role="alert" className="problems problem">{problems.map(({ line, problem }, index) => <li key={index}><Said text={words.line(line, problem)} className="plain" /></li>)}</ul>}
      <div className="filerow">
        {changed ? <><span className="tag">{words.changed}</span><button type="button" className="link" onClick={onBack}>{words.restoreText}</button></> : null}
        <details className="remarks"><summary>{words.fields}</summary><p className="fieldnames">{[...TEXT_FIELDS, ...BLOCK_FIELDS].map((name) => <code key={name}>{`{${name}}`}</code>)}</p></details>
      </div>
    </div>
  )
}
