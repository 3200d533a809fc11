/** The dialogs of the settings page: what will change, before it is saved; and whether to leave with changes that are not. */
import { useState } from 'react'
import { Button, Modal } from '@mantine/core'
import type { SettingsCheck } from '../../shared/api/settings.ts'
import type { SettingField } from '../../shared/settingsform.ts'
import { valueWords } from '../model/settings.ts'
import { settingsWords as words } from '../words/settings.ts'
import { Said } from './outside.tsx'

interface ReviewProps {
  readonly check: SettingsCheck
  readonly fields: readonly SettingField[]
  /** Null: saved. */
  readonly onSave: () => Promise<string | null>
  readonly onClose: () => void
}

export function SettingsReview({ check, fields, onSave, onClose }: ReviewProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const save = async () => {
    setBusy(true)
    const trouble = await onSave()
    setBusy(false)
    if (trouble === null) onClose()
    else setProblem(trouble)
  }
  const titleOf = (key: string) => fields.find((field) => key === field.key || key.startsWith(`${field.key}.`))?.title ?? words.unknown
  return (
    <Modal opened onClose={onClose} title={words.reviewTitle} centered size="xl" lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.back }}>
      <div className="review">
        {check.changes.length === 0 ? <p>{words.writtenAnew}</p> : <table>
          <thead><tr><th scope="col">{words.what}</th><th scope="col">{words.before}</th><th scope="col">{words.after}</th><th scope="col">{words.when}</th></tr></thead>
          <tbody>
            {check.changes.map(({ key, before, after, applies }) => (
              <tr key={key}>
                <th scope="row">{titleOf(key)}<div className="dim"><Said text={key} /></div></th>
                <td><Value value={before} against={after} word="-" /></td>
                <td><Value value={after} against={before} word="+" /></td>
                <td>{applies === 'now' ? words.now : words.start}</td>
              </tr>
            ))}
          </tbody>
        </table>}
        {check.warnings.length === 0 ? null : (
          <div className="warning">
            {words.warnings}
            <ul>{check.warnings.map(({ path, message }) => <li key={path}><Said text={`${path}: ${message}`} className="plain" /></li>)}</ul>
          </div>
        )}
        {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
        <div className="buttons">
          <Button size="xs" variant="default" onClick={onClose}>{words.back}</Button>
          <Button size="xs" data-autofocus loading={busy} onClick={() => void save()}>{words.save}</Button>
        </div>
      </div>
    </Modal>
  )
}

const MOST_LINES = 40

/** Of two lists only what differs is shown. */
function Value({ value, against, word }: { readonly value: unknown; readonly against: unknown; readonly word: '+' | '-' }) {
  if (value === undefined) return <span className="dim">{words.notSet}</span>
  if (Array.isArray(value) && Array.isArray(against)) {
    const other = new Set(against.map(String))
    const differing = value.map(String).filter((entry) => !other.has(entry))
    return <div>{differing.slice(0, MOST_LINES).map((entry) => <div key={entry} className={word === '+' ? 'added' : 'removed'}>{word} <Said text={entry} /></div>)}{differing.length > MOST_LINES ? `… ${differing.length - MOST_LINES}` : ''}{differing.length === 0 ? <span className="dim">{value.length === 0 ? words.none : '…'}</span> : null}</div>
  }
  return <span className={word === '+' ? 'added' : 'removed'}><Said text={valueWords(value, words.none)} /></span>
}

interface LeaveProps {
  readonly count: number
  /** A text that is no JSON would be lost. */
  readonly broken: boolean
  readonly onStay: () => void
  readonly onLeave: () => void
}

export function LeaveDialog({ count, broken, onStay, onLeave }: LeaveProps) {
  return (
    <Modal opened onClose={onStay} title={words.leaveTitle} centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.stay }}>
      <p>{broken ? words.leaveBroken : words.leaveText(count)}</p>
      <div className="buttons">
        <Button size="xs" variant="default" onClick={onLeave}>{words.leave}</Button>
        <Button size="xs" data-autofocus onClick={onStay}>{words.stay}</Button>
      </div>
    </Modal>
  )
}
