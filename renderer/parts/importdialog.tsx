/** A list of rules, pasted, chosen or dropped; what it would do is shown before it is done, and how far it is while it is done. */
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Button, Checkbox, Modal, NativeSelect, Progress as Bar, Textarea } from '@mantine/core'
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind } from '../../shared/events.ts'
import type { ListedRule } from '../../shared/gate/rulelist.ts'
import { goodSendersHit, planImport } from '../model/importplan.ts'
import type { ImportPlan } from '../model/importplan.ts'
import { lengthValue, readLength } from '../model/lengths.ts'
import { KEEP } from '../model/lengths.ts'
import { BAN_LENGTHS } from '../model/scopes.ts'
import type { RuleBook } from '../model/rulebook.ts'
import type { Done, Progress } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { importWords as words } from '../words/lists.ts'
import { SenderList } from './impact.tsx'
import { LengthField } from './lengthfield.tsx'
import { Said } from './outside.tsx'

export interface ImportDialogProps {
  readonly kind: RuleKind
  readonly book: RuleBook
  /** Null: it could not be asked. */
  readonly goodSenders: () => Promise<readonly Sender[] | null>
  readonly onImport: (rules: readonly ListedRule[], onProgress: (progress: Progress) => void) => Promise<Done>
  readonly onClose: () => void
}

const MAX_BYTES = 64 * 1024 * 1024
/** More than this in a text area makes every key slow: a file is kept beside it instead. */
const MOST_SHOWN = 200_000

/** What was read: typed, or a file with its name. */
interface Source {
  readonly text: string
  readonly file: { readonly name: string; readonly bytes: number } | null
}

export function ImportDialog(props: ImportDialogProps) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const close = () => {
    if (progress === null) props.onClose()
  }
  return (
    <Modal opened onClose={close} title={words.title} size="xl" centered lockScroll={false} transitionProps={{ duration: 0 }} withCloseButton={progress === null} closeButtonProps={{ 'aria-label': words.close }}>
      <ImportForm {...props} progress={progress} onProgress={setProgress} />
    </Modal>
  )
}

type FormProps = ImportDialogProps & { readonly progress: Progress | null; readonly onProgress: (progress: Progress | null) => void }

function ImportForm({ kind: usual, book, goodSenders, onImport, onClose, progress, onProgress }: FormProps) {
  const [source, setSource] = useState<Source>({ text: '', file: null })
  const [kind, setKind] = useState<RuleKind>(usual)
  const [length, setLength] = useState(KEEP)
  const [skipBad, setSkipBad] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { text } = useDeferredValue(source)
  const forMs = readLength(length, 0)
  const chosenMs = forMs.ok ? forMs.ms : undefined
  const [opened] = useState(() => Date.now())
  const plan = useMemo(() => (text.trim() === '' ? null : planImport(text, kind, chosenMs, book, opened)), [text, kind, chosenMs, book, opened])
  const take = (files: FileList | null) => void readFile(files?.[0]).then((read) => {
    setProblem(read.ok ? null : read.problem)
    if (read.ok) setSource(read.source)
  })
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (progress !== null || !forMs.ok) return
    // What is there now, from now on: the preview may be a moment behind.
    const { rules, ...rest } = planImport(source.text, kind, chosenMs, book, Date.now())
    if (!mayImport({ rules, ...rest }, skipBad)) return
    onProgress({ done: 0, total: rules.length })
    const done = await onImport(rules, onProgress)
    onProgress(null)
    if (done.ok) onClose()
    else setProblem(words.stopped(done.problem))
  }
  return (
    <form className="lists" onSubmit={(event) => void submit(event)} onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); take(event.dataTransfer.files) }}>
      <SourceField source={source} onText={(typed) => setSource({ text: typed, file: null })} onFiles={take} />
      <div className="asks">
        <NativeSelect size="xs" label={words.kind} value={kind} data={[{ value: 'ban', label: words.kinds.ban }, { value: 'allow', label: words.kinds.allow }]} onChange={(event) => setKind(event.currentTarget.value === 'allow' ? 'allow' : 'ban')} />
        <LengthField label={words.length} value={length} onChange={setLength} presets={[{ value: KEEP, label: words.usual }, ...BAN_LENGTHS.map((ms) => ({ value: lengthValue(ms), label: ms === null ? strings.rule.forGood : strings.longLength(ms) }))]} />
      </div>
      {plan === null ? null : <PlanView plan={plan} book={book} goodSenders={goodSenders} />}
      {plan !== null && plan.survey.bad > 0 && plan.rules.length > 0 ? <Checkbox size="xs" label={words.skipBad} checked={skipBad} onChange={(event) => setSkipBad(event.currentTarget.checked)} /> : null}
      {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
      {progress === null ? null : <div role="status" className="progress"><span>{words.busy(progress)}</span><Bar value={(100 * progress.done) / Math.max(1, progress.total)} aria-label={words.busy(progress)} size="sm" transitionDuration={0} /></div>}
      <div className="buttons">
        <Button size="xs" variant="default" disabled={progress !== null} onClick={onClose}>{words.cancel}</Button>
        <Button size="xs" type="submit" loading={progress !== null} disabled={plan === null || !forMs.ok || !mayImport(plan, skipBad)}>{words.go(plan?.rules.length ?? 0)}</Button>
      </div>
    </form>
  )
}

const mayImport = (plan: ImportPlan, skipBad: boolean) => plan.rules.length > 0 && (plan.survey.bad === 0 || skipBad)

function SourceField({ source, onText, onFiles }: { readonly source: Source; readonly onText: (text: string) => void; readonly onFiles: (files: FileList | null) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const isLong = source.text.length > MOST_SHOWN
  return (
    <div className="source">
      <Textarea size="xs" label={words.text} placeholder={words.placeholder} description={words.help} rows={6} spellCheck={false} data-autofocus readOnly={isLong} value={isLong ? `${source.text.slice(0, 2000)}\n…` : source.text} onChange={(event) => onText(event.currentTarget.value)} />
      <div className="filerow">
        <button type="button" className="action" onClick={() => input.current?.click()}>{words.choose}</button>
        <input ref={input} type="file" className="unseen" tabIndex={-1} aria-label={words.choose} onChange={(event) => { onFiles(event.currentTarget.files); event.currentTarget.value = '' }} />
        {source.file === null ? null : <span className="dim"><Said text={words.file(source.file.name, `${strings.number(Math.ceil(source.file.bytes / 1024))} KB`)} className="plain" /></span>}
        {isLong ? <button type="button" className="link" onClick={() => onText('')}>{strings.filter.clearAll}</button> : null}
      </div>
    </div>
  )
}

function PlanView({ plan, book, goodSenders }: { readonly plan: ImportPlan; readonly book: RuleBook; readonly goodSenders: ImportDialogProps['goodSenders'] }) {
  const { survey } = plan
  const { counts } = words
  const id = useId()
  const facts = [
    plan.bans > 0 ? counts.bans(plan.bans) : null, plan.allows > 0 ? counts.allows(plan.allows) : null, counts.fresh(plan.fresh), counts.replaced(plan.replaced),
    plan.unsaid > 0 ? counts.unsaid(plan.unsaid) : null, survey.expired > 0 ? counts.expired(survey.expired) : null, survey.repeated > 0 ? counts.repeated(survey.repeated) : null,
  ].filter((fact) => fact !== null)
  return (
    <section className="plan" aria-label={words.preview}>
      <h3>{words.preview}</h3>
      <p className="dim">{words.recognised(words.formats[survey.format])}</p>
      {plan.rules.length === 0 ? <p>{words.nothing}</p> : <ul className="facts-line">{facts.map((fact) => <li key={fact}>{fact}</li>)}</ul>}
      {survey.bad === 0 ? null : (
        <div className="hits warn">
          <div id={id} className="hitshead">{counts.bad(survey.bad)}</div>
          <ul aria-labelledby={id} className="problems">
            {survey.problems.map((text) => <li key={text}><Said text={text} className="plain" /></li>)}
            {survey.bad > survey.problems.length ? <li className="dim">{words.moreProblems(survey.bad - survey.problems.length)}</li> : null}
          </ul>
        </div>
      )}
      {plan.bans > 0 ? <ListHits rules={plan.rules} book={book} goodSenders={goodSenders} /> : null}
    </section>
  )
}

function ListHits({ rules, book, goodSenders }: { readonly rules: readonly ListedRule[]; readonly book: RuleBook; readonly goodSenders: ImportDialogProps['goodSenders'] }) {
  const [senders, setSenders] = useState<readonly Sender[] | 'looking' | 'unknown'>('looking')
  const id = useId()
  useEffect(() => {
    let stale = false
    void goodSenders().then((found) => {
      if (!stale) setSenders(found ?? 'unknown')
    })
    return () => {
      stale = true
    }
  }, [goodSenders])
  const hit = useMemo(() => (typeof senders === 'string' ? [] : goodSendersHit(rules, senders, book)), [rules, senders, book])
  if (senders === 'looking') return <p className="hits dim" role="status">{words.looking}</p>
  if (senders === 'unknown') return <p className="hits dim">{words.hitsUnknown}</p>
  if (hit.length === 0) return <p className="hits dim">{words.noHits}</p>
  return (
    <div className="hits warn">
      <div id={id} className="hitshead">{words.hits(hit.length)}</div>
      <SenderList senders={hit} labelledBy={id} />
    </div>
  )
}

type Read = { readonly ok: true; readonly source: Source } | { readonly ok: false; readonly problem: string }

async function readFile(file: File | undefined): Promise<Read> {
  if (file === undefined) return { ok: false, problem: words.unreadable }
  if (file.size > MAX_BYTES) return { ok: false, problem: words.tooLarge }
  try {
    const text = await file.text()
    if (text.slice(0, 4000).includes('\0')) return { ok: false, problem: words.notText }
    return { ok: true, source: { text, file: { name: file.name, bytes: file.size } } }
  } catch {
    return { ok: false, problem: words.unreadable }
  }
}
