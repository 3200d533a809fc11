/** Settings: every key of the schema in groups, searched, validated as typed, shown as a difference before it is saved; the file itself beside the form. */
import { useMemo, useState } from 'react'
import { Button, Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconSearch } from '@tabler/icons-react'
import type { SettingsView } from '../../shared/api/settings.ts'
import type { SettingsProblem } from '../../shared/config.ts'
import { changedKeys, isObject, valueAt, withValue } from '../../shared/settingsjson.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import { grouped, problemsAt, problemsElsewhere, searchFields } from '../model/settings.ts'
import { useDesktop } from '../console.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Said } from '../parts/outside.tsx'
import { SettingFieldView } from '../parts/settingfield.tsx'
import { LeaveDialog, SettingsReview } from '../parts/settingsreview.tsx'
import { useLeaveGuard } from '../useroute.ts'
import { noticesWords } from '../words/notices.ts'
import { settingGroups, settingsWords as words } from '../words/settings.ts'
import { SubmissionPassword } from './submissionpassword.tsx'
import { useSettings } from './usesettings.ts'
import type { SettingsState } from './usesettings.ts'

export function SettingsPage() {
  const state = useSettings()
  const [leaving, setLeaving] = useState<{ readonly go: () => void } | null>(null)
  const [broken, setBroken] = useState<Broken | null>(null)
  const ask = useMemo(() => (go: () => void) => setLeaving({ go }), [])
  // A text that is no JSON has not reached the draft, but was typed all the same.
  useLeaveGuard(state.dirty || broken !== null ? ask : null)
  if (state.view === null) {
    return <EmptyState title={state.failed ? words.failed : words.loading}>{state.failed ? <button type="button" className="action" onClick={() => state.reload()}>{words.again}</button> : null}</EmptyState>
  }
  return (
    <>
      <Editor state={state} view={state.view} broken={broken} onBroken={setBroken} />
      {leaving === null ? null : <LeaveDialog count={countOf(state)} broken={broken !== null} onStay={() => setLeaving(null)} onLeave={() => { setLeaving(null); leaving.go() }} />}
    </>
  )
}

function countOf({ view, draft }: SettingsState): number {
  return draft === null ? 0 : changedKeys(view?.input ?? view?.running ?? {}, draft).length
}

/** The file's text while it is no JSON. */
interface Broken {
  readonly text: string
  readonly why: string
}

interface EditorProps {
  readonly state: SettingsState
  readonly view: SettingsView
  readonly broken: Broken | null
  readonly onBroken: (broken: Broken | null) => void
}

function Editor({ state, view, broken, onBroken }: EditorProps) {
  const [mode, setMode] = useState<'form' | 'json'>('form')
  const [search, setSearch] = useState('')
  const [reviewing, setReviewing] = useState(false)
  const { draft, check } = state
  const problems = check?.problems ?? []
  const ready = state.dirty && check !== null && problems.length === 0 && broken === null && (check.changes.length > 0 || view.input === null)
  const review = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (ready) setReviewing(true)
    else (document.querySelector<HTMLElement>('.setting[data-wrong] input, .setting[data-wrong] textarea') ?? document.querySelector<HTMLElement>('.settingsnotices button:last-of-type'))?.focus()
  }
  return (
    <form className="settings" onSubmit={review}>
      <div className="toolbar">
        <div className="tools">
          <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.search} autoComplete="off" disabled={mode === 'json'} leftSection={<IconSearch size={14} aria-hidden />}
            value={search} onChange={(event) => setSearch(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault() }} />
          <div className="toggle" role="group" aria-label={words.view}>
            {(['form', 'json'] as const).map((one) => <button key={one} type="button" className="action" aria-pressed={mode === one} disabled={broken !== null && one === 'form'} title={broken !== null && one === 'form' ? words.formWaits : undefined} onClick={() => setMode(one)}>{words[one]}</button>)}
          </div>
          <span className="dim filename"><Said text={view.file} />{view.revision === 'none' ? ` (${words.missing})` : ''}</span>
        </div>
      </div>
      <Notices state={state} view={view} problems={problems} />
      {draft === null ? null : mode === 'json' ? <Raw draft={draft} broken={broken} onBroken={onBroken} onChange={state.edit} problems={problems} /> : <Form state={state} view={view} draft={draft} search={search} />}
      <SaveBar state={state} ready={ready} broken={broken !== null} problems={problems.length + (broken === null ? 0 : 1)} onDiscard={() => { onBroken(null); state.discard() }} />
      {reviewing && check !== null ? <SettingsReview check={check} fields={view.fields} onSave={state.save} onClose={() => setReviewing(false)} /> : null}
    </form>
  )
}

/** What is wrong with the file as it stands, and with what no field shows. */
function Notices({ state, view, problems }: { readonly state: SettingsState; readonly view: SettingsView; readonly problems: readonly SettingsProblem[] }) {
  const elsewhere = problemsElsewhere(problems, view.fields)
  const off = useDesktop()?.gate.kind === 'off'
  const { draft } = state
  if (view.problems.length === 0 && elsewhere.length === 0 && !state.moved) return null
  const known = new Set([...view.fields.map(({ key }) => key), ...view.sections.map(({ key }) => key)])
  return (
    <div className="settingsnotices" role="status">
      {state.moved ? <p>{words.changedMeanwhile}</p> : null}
      {view.problems.length === 0 ? null : (
        <div className="wrongfile">
          <p className="problem"><IconAlertTriangle size={15} aria-hidden /> {off ? words.wrongOff : words.wrong}</p>
          <ul>{view.problems.map((problem, index) => <li key={index}><Said text={problem.path === '' ? words.wrongFile(problem.message) : `${problem.path}: ${problem.message}`} className="plain" /></li>)}</ul>
          <div className="tools">
            {view.lastGood === null ? null : <button type="button" className="action" onClick={() => state.edit(view.lastGood?.input ?? {})}>{words.fromLastGood}</button>}
            {off ? null : <button type="button" className="action" onClick={() => state.edit(view.running)}>{words.fromRunning}</button>}
            <span className="dim">{words.chosen}{view.lastGood === null ? '' : ` (${words.lastGoodIn(view.lastGood.file)})`}</span>
          </div>
        </div>
      )}
      {draft === null ? null : elsewhere.map(({ path, message }) => (
        <p key={path} className="problem">
          <Said text={`${path === '' ? '' : `${path}: `}${message}`} className="plain" />{' '}
          {path === '' || known.has(path) ? null : <button type="button" className="action" onClick={() => state.edit(withValue(draft, path, undefined))}><Said text={words.removeKey(path)} className="plain" /></button>}
        </p>
      ))}
    </div>
  )
}

interface FormProps {
  readonly state: SettingsState
  readonly view: SettingsView
  readonly draft: SettingsJson
  readonly search: string
}

function Form({ state, view, draft, search }: FormProps) {
  const shown = grouped(settingGroups, searchFields(view.fields, search, draft))
  const changed = changedKeys(view.input ?? view.running, draft)
  const defaults = view.defaults as unknown as SettingsJson
  const go = (id: string) => (event: React.MouseEvent) => {
    event.preventDefault()
    const heading = document.getElementById(`group-${id}`)
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
  }
  return (
    <div className="settingsbody">
      <nav className="groups" aria-label={words.groups}>
        <ul>{shown.map(({ group }) => <li key={group.id}><a href={`#/settings`} onClick={go(group.id)}>{group.title}</a></li>)}</ul>
      </nav>
      <div className="fields" tabIndex={-1}>
        {shown.length === 0 ? <EmptyState title={words.nothing(search)} /> : shown.map(({ group, fields }) => (
          <section key={group.id} aria-labelledby={`group-${group.id}`}>
            <h2 id={`group-${group.id}`} tabIndex={-1}>{group.title}</h2>
            {fields.map((field, index) => (
              <div key={field.key}>
                {field.key !== field.top && fields[index - 1]?.top !== field.top ? <SectionHead view={view} top={field.top} title={group.title} /> : null}
                <SettingFieldView field={field} value={valueAt(draft, field.key)} preset={field.default ?? valueAt(defaults, field.key)} problems={problemsAt(state.check?.problems ?? [], field.key)} warnings={problemsAt(state.check?.warnings ?? [], field.key)}
                  changed={changed.some((key) => key === field.key || key.startsWith(`${field.key}.`))} waiting={view.waiting.includes(field.top)} onChange={(value) => state.edit(withValue(draft, field.key, value))}>
                  {field.key === 'policy.mode' ? <p className="dim">{lastDayWords(view)}</p> : null}
                  {field.key === 'notices.from' ? <p><a className="link" href="#/notices?template=isp">{noticesWords.templates.link}</a></p> : null}
                  {field.key === 'notices.passwordFile' ? <SubmissionPassword revision={view.revision} /> : null}
                </SettingFieldView>
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  )
}

function lastDayWords({ lastDay }: SettingsView): string {
  return words.lastDay((lastDay.rejected ?? 0) + (lastDay.deferred ?? 0), (lastDay['would-reject'] ?? 0) + (lastDay['would-defer'] ?? 0))
}

function SectionHead({ view, top, title }: { readonly view: SettingsView; readonly top: string; readonly title: string }) {
  const section = view.sections.find(({ key }) => key === top)
  if (section === undefined) return null
  return <div className="sectionhead">{section.title === title ? null : <h3>{section.title}</h3>}<p className="dim">{section.help}</p></div>
}

interface RawProps {
  readonly draft: SettingsJson
  readonly broken: Broken | null
  readonly problems: readonly SettingsProblem[]
  readonly onBroken: (broken: Broken | null) => void
  readonly onChange: (draft: SettingsJson) => void
}

function Raw({ draft, broken, problems, onBroken, onChange }: RawProps) {
  const [typed, setTyped] = useState(() => JSON.stringify(draft, null, 2))
  const text = broken?.text ?? (sameJson(typed, draft) ? typed : JSON.stringify(draft, null, 2))
  const type = (next: string) => {
    setTyped(next)
    try {
      const json: unknown = JSON.parse(next)
      if (!isObject(json)) return onBroken({ text: next, why: 'expected { … }' })
      onBroken(null)
      onChange(json)
    } catch (error) {
      onBroken({ text: next, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <div className="rawsettings">
      <Textarea aria-label={words.jsonLabel} className="rawtext" spellCheck={false} autoComplete="off" aria-invalid={broken !== null || problems.length > 0 || undefined} value={text} onChange={(event) => type(event.currentTarget.value)} />
      <ul aria-live="polite">
        {broken === null ? problems.map(({ path, message }, index) => <li key={index} className="problem"><Said text={`${path === '' ? '' : `${path}: `}${message}`} className="plain" /></li>) : <li className="problem"><Said text={words.notJson(broken.why)} className="plain" /> {words.formWaits}</li>}
      </ul>
    </div>
  )
}

function sameJson(text: string, json: SettingsJson): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(json)
  } catch {
    return false
  }
}

function SaveBar({ state, ready, broken, problems, onDiscard }: { readonly state: SettingsState; readonly ready: boolean; readonly broken: boolean; readonly problems: number; readonly onDiscard: () => void }) {
  const count = countOf(state)
  return (
    <footer className="savebar">
      <span role="status">{broken ? words.unsavedText : state.dirty || problems > 0 ? words.changes(count) : state.draft === null ? words.choose : words.savedAlready}{problems > 0 ? <strong className="problem">, {words.problems(problems)}</strong> : null}</span>
      <span className="grow" />
      <Button size="xs" variant="default" disabled={!state.dirty && problems === 0} onClick={onDiscard}>{words.discard}</Button>
      <Button size="xs" type="submit" disabled={!ready && problems === 0}>{problems > 0 ? words.firstProblem : words.review}</Button>
    </footer>
  )
}
