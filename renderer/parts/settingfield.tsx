/** One key of the settings: its name and help, the control that suits its kind, whether it is set, its default, what is wrong with it. */
import type { SettingsProblem } from '../../shared/config.ts'
import type { SettingField } from '../../shared/settingsform.ts'
import { valueWords } from '../model/settings.ts'
import { settingsWords as words } from '../words/settings.ts'
import { Said } from './outside.tsx'
import { ChoiceControl, ListControl, NumberControl, TextControl } from './settingcontrols.tsx'
import type { ControlProps } from './settingcontrols.tsx'
import { TextsControl } from './settingtexts.tsx'

export interface FieldProps {
  readonly field: SettingField
  /** As written; undefined: not set. */
  readonly value: unknown
  /** In force if it is not set; undefined: nothing. */
  readonly preset: unknown
  readonly problems: readonly SettingsProblem[]
  readonly warnings: readonly SettingsProblem[]
  readonly changed: boolean
  readonly waiting: boolean
  readonly children?: React.ReactNode
  readonly onChange: (value: unknown) => void
}

export function SettingFieldView({ field, value, preset, problems, warnings, changed, waiting, children, onChange }: FieldProps) {
  const { key, title, help, kind } = field
  const id = `setting-${key.replaceAll('.', '-')}`
  const isSet = value !== undefined
  const ids = [`${id}-help`, ...(problems.length + warnings.length > 0 ? [`${id}-problems`] : [])].join(' ')
  return (
    <section className="setting" id={id} data-changed={changed || undefined} data-wrong={problems.length > 0 || undefined} aria-label={title}>
      <header>
        <h4 id={`${id}-label`}>{title}</h4>
        <code className="dim">{key}</code>
        {field.applies === 'start' ? <span className="tag" title={words.atStartHelp}>{waiting ? words.waiting : words.atStart}</span> : null}
        <span className="grow" />
        <span className="dim">{isSet ? words.isSet : preset === undefined ? words.notSet : words.byDefault}</span>
        {isSet ? <button type="button" className="link" aria-label={words.resetOf(title)} title={words.resetOf(title)} onClick={() => onChange(undefined)}>{words.reset}</button> : null}
      </header>
      <p className="dim help" id={`${id}-help`}>{help}{kind.kind === 'choice' || kind.kind === 'texts' || valueWords(preset, '') === '' ? null : <> <span className="mono"><Said text={words.defaultIs(valueWords(preset, words.none))} className="plain" /></span></>}</p>
      <Control id={id} field={field} value={value} preset={preset} describedBy={ids} invalid={problems.length > 0} problems={problems} onChange={onChange} />
      {children}
      <Problems id={`${id}-problems`} at={key} isList={kind.kind === 'list'} problems={problems} warnings={warnings} />
    </section>
  )
}

function Control(props: ControlProps) {
  switch (props.field.kind.kind) {
    case 'text': return <TextControl {...props} />
    case 'whole': return <NumberControl {...props} kind={props.field.kind} />
    case 'choice': return <ChoiceControl {...props} kind={props.field.kind} />
    case 'list': return <ListControl {...props} kind={props.field.kind} />
    case 'texts': return <TextsControl {...props} kind={props.field.kind} />
  }
}

interface ProblemsProps {
  readonly id: string
  readonly at: string
  readonly isList: boolean
  readonly problems: readonly SettingsProblem[]
  readonly warnings: readonly SettingsProblem[]
}

function Problems({ id, at, isList, problems, warnings }: ProblemsProps) {
  const where = ({ path }: SettingsProblem) => {
    const below = path === at ? '' : path.slice(at.length + 1)
    return below === '' ? '' : isList ? `${words.line(Number(below) + 1)}: ` : `${below}: `
  }
  return (
    <div id={id} aria-live="polite">
      {[...problems].map((problem, index) => <p key={index} className="problem"><Said text={`${where(problem)}${problem.message}`} className="plain" /></p>)}
      {[...warnings].map((problem, index) => <p key={index} className="warning"><Said text={problem.message} className="plain" /></p>)}
    </div>
  )
}
