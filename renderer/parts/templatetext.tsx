/** The text of a notice with its named fields: what is wrong stands below it with its line, a click leads there; fields are put in at the caret. */
import { useId, useRef } from 'react'
import { Textarea } from '@mantine/core'
import { BLOCK_FIELDS, TEXT_FIELDS } from '../../shared/notice/template.ts'
import type { TemplateProblem } from '../../shared/notice/template.ts'
import { editorWords as words, fieldHelp } from '../words/noticeeditor.ts'
import { Said } from './outside.tsx'

export interface TemplateTextProps {
  readonly label: string
  readonly text: string
  readonly problems: readonly TemplateProblem[]
  readonly onChange: (text: string) => void
  readonly aside: React.ReactNode
}

const MOST = 20_000
const SHOWN = 8

export function TemplateText({ label, text, problems, onChange, aside }: TemplateTextProps) {
  const area = useRef<HTMLTextAreaElement | null>(null)
  const said = useId()
  const goTo = (line: number) => {
    const starts = text.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
    const end = text.indexOf('\n', starts)
    area.current?.focus()
    area.current?.setSelectionRange(starts, end === -1 ? text.length : end)
  }
  const insert = (field: string) => {
    const from = area.current?.selectionStart ?? text.length
    const to = area.current?.selectionEnd ?? from
    onChange(`${text.slice(0, from)}{${field}}${text.slice(to)}`)
    const after = from + field.length + 2
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(after, after)
    })
  }
  return (
    <div className="templatetext">
      <div className="textlabel">{aside}</div>
      <Textarea ref={area} label={label} classNames={{ input: 'mono' }} rows={18} value={text} maxLength={MOST} spellCheck={false} autoComplete="off" aria-invalid={problems.length > 0 || undefined} aria-describedby={said}
        onChange={(event) => onChange(event.currentTarget.value)} />
      <div id={said} role="status" className="textproblems">
        {problems.length === 0 ? null : <p className="problem">{words.problems(problems.length)}</p>}
        <ul>{problems.slice(0, SHOWN).map(({ line, problem }, index) => <li key={index}><button type="button" className="link problem" onClick={() => goTo(line)}><Said text={words.line(line, problem)} className="plain" /></button></li>)}</ul>
      </div>
      <details className="fieldlist">
        <summary>{words.fields}</summary>
        <p className="dim">{words.fieldsHelp}</p>
        <ul>{[...TEXT_FIELDS, ...BLOCK_FIELDS].map((field) => <li key={field}><button type="button" className="link mono" aria-label={words.insert(field, fieldHelp[field])} onClick={() => insert(field)}>{`{${field}}`}</button> <span className="dim">{fieldHelp[field]}</span></li>)}</ul>
      </details>
    </div>
  )
}
