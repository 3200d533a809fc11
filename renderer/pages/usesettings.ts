/**
 * The settings as the gate has them, and the admin's draft upon them: loaded, looked at again while nobody edits, checked by
 * the gate while somebody types, saved. A file that changes meanwhile takes the draft's changes along.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SettingsCheck, SettingsView } from '../../shared/api/settings.ts'
import { changedKeys, rebased } from '../../shared/settingsjson.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import { useConsole, useLine } from '../console.ts'
import { strings } from '../strings.ts'
import { settingsWords as words } from '../words/settings.ts'

const PACE_MS = 3000
const TYPING_MS = 200
/** What one message to the gate may hold, with room to spare. */
const MOST = 200_000

export interface SettingsState {
  readonly view: SettingsView | null
  readonly failed: boolean
  /** The file as it would be saved; null while the file is torn and nothing was chosen. */
  readonly draft: SettingsJson | null
  /** Null until the gate has answered for this draft. */
  readonly check: SettingsCheck | null
  readonly dirty: boolean
  /** The file changed under the draft. */
  readonly moved: boolean
  readonly edit: (draft: SettingsJson) => void
  readonly discard: () => void
  /** Null: saved. Else what went wrong. */
  readonly save: () => Promise<string | null>
  readonly reload: () => void
}

export function useSettings(): SettingsState {
  const { line, toasts } = useConsole()
  const up = useLine().kind === 'up'
  const [view, setView] = useState<SettingsView | null>(null)
  const [failed, setFailed] = useState(false)
  const [draft, setDraft] = useState<SettingsJson | null>(null)
  const [checked, setChecked] = useState<{ readonly draft: SettingsJson; readonly check: SettingsCheck } | null>(null)
  const [moved, setMoved] = useState(false)
  const seen = useRef<SettingsView | null>(null)

  const take = useCallback((next: SettingsView) => {
    const before = seen.current
    seen.current = next
    setView(next)
    setFailed(false)
    setDraft((old) => draftUpon(before, old, next))
    return before !== null && before.revision !== next.revision
  }, [])

  const load = useCallback(async (signal?: AbortSignal) => {
    const next = await line.api()?.settings.get(undefined, { signal })
    return next === undefined ? false : take(next)
  }, [line, take])

  const dirty = view !== null && draft !== null && (view.input === null || changedKeys(view.input, draft).length > 0)
  const isDirty = useRef(dirty)
  useEffect(() => { isDirty.current = dirty }, [dirty])

  useEffect(() => {
    if (!up) return
    const stop = new AbortController()
    const round = () => {
      load(stop.signal).then((changed) => { if (changed && isDirty.current) setMoved(true) }, () => { if (!stop.signal.aborted && seen.current === null) setFailed(true) })
    }
    round()
    const timer = setInterval(round, PACE_MS)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [up, load])

  useEffect(() => {
    if (draft === null || !up || sizeOf(draft) > MOST) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      line.api()?.settings.check({ input: draft }, { signal: stop.signal }).then((check) => setChecked({ draft, check }), () => undefined)
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [draft, up, line, view?.revision])

  const save = async (): Promise<string | null> => {
    const api = line.api()
    if (api === null) return strings.trouble.noLine
    if (draft === null || view === null) return null
    if (sizeOf(draft) > MOST) return words.tooLarge
    try {
      const saved = await api.settings.save({ input: draft, revision: view.revision })
      if (!saved.ok) {
        const changed = await load().catch(() => false)
        if (saved.changed && changed) setMoved(true)
        return saved.changed ? words.changedMeanwhile : [saved.problem, ...saved.problems.map(({ path, message }) => `${path}: ${message}`)].join(' ')
      }
      const undo = async () => {
        const undone = await line.api()?.settings.save({ input: saved.before, revision: saved.revision }).catch(() => undefined)
        if (undone?.ok === true) toasts.add('done', words.undone)
        else toasts.add('trouble', undone === undefined ? strings.trouble.notDone : undone.problem)
        await load().catch(() => false)
      }
      toasts.add('done', words.saved(saved.changes.length, saved.changes.some(({ applies }) => applies === 'start')), undo)
      setMoved(false)
      // It is saved, whatever becomes of the line: a gate that was off starts now.
      await load().catch(() => false)
      setDraft(seen.current?.input ?? null)
      return null
    } catch {
      return strings.trouble.notDone
    }
  }

  return {
    view, failed, draft, dirty, moved,
    check: checked?.draft === draft ? checked.check : null,
    edit: setDraft,
    discard() {
      setDraft(view?.input ?? null)
      setMoved(false)
    },
    save,
    reload: () => { load().catch(() => setFailed(true)) },
  }
}

/** What becomes of a draft when the file is looked at again. */
function draftUpon(before: SettingsView | null, draft: SettingsJson | null, next: SettingsView): SettingsJson | null {
  if (before === null || draft === null) return next.input
  if (before.revision === next.revision) return draft
  // Put together from a copy while the file was torn, or the file was torn under it: the work is kept only if there is some.
  if (before.input === null) return next.input
  if (next.input === null) return changedKeys(before.input, draft).length > 0 ? draft : null
  return rebased(before.input, draft, next.input)
}

function sizeOf(json: SettingsJson): number {
  return JSON.stringify(json).length
}
