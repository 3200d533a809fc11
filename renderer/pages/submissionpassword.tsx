/** Sets or forgets the password for the submission server; it goes to the gate at once, not with the other settings, and never comes back. */
import { useEffect, useState } from 'react'
import { PasswordInput } from '@mantine/core'
import type { PasswordState } from '../../shared/api/password.ts'
import { useConsole, useLine } from '../console.ts'
import { Said } from '../parts/outside.tsx'
import { passwordWords as words } from '../words/password.ts'

type Told = { readonly text: string; readonly wrong: boolean }

/** `revision`: of the settings file, which may name another place for it. */
export function SubmissionPassword({ revision }: { readonly revision: string }) {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [state, setState] = useState<PasswordState | null>(null)
  const [typed, setTyped] = useState('')
  const [told, setTold] = useState<Told | null>(null)
  const [busy, setBusy] = useState(false)
  const [looks, setLooks] = useState(0)

  useEffect(() => {
    if (!up) return
    const stop = new AbortController()
    line.api()?.submissionPassword.state(undefined, { signal: stop.signal }).then(setState, () => undefined)
    return () => stop.abort()
  }, [line, up, revision, looks])

  const change = async (password: string | null) => {
    const api = line.api()?.submissionPassword
    if (api === undefined) return setTold({ text: words.failed, wrong: true })
    setBusy(true)
    try {
      const outcome = await (password === null ? api.forget() : api.set({ password }))
      setTold(outcome.ok ? { text: password === null ? words.forgotten : words.kept, wrong: false } : { text: outcome.problem, wrong: true })
      if (outcome.ok) setTyped('')
    } catch {
      setTold({ text: words.failed, wrong: true })
    } finally {
      setBusy(false)
      setLooks((count) => count + 1)
    }
  }
  const keep = () => { if (typed !== '' && !busy) void change(typed) }

  return (
    <div className="submissionpassword" role="group" aria-label={words.label}>
      <PasswordInput size="xs" className="wide" label={words.label} autoComplete="new-password" maxLength={1000} value={typed} onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // The form around it saves the settings.
          event.preventDefault()
          keep()
        }} />
      <div className="fieldbuttons">
        <button type="button" className="action" disabled={typed === '' || busy || !up} onClick={keep}>{busy ? words.keeping : words.keep}</button>
        {state !== null && (state.kept || state.problem !== null) ? <button type="button" className="action" disabled={busy || !up} onClick={() => void change(null)}>{words.forget}</button> : null}
      </div>
      <p className="dim help">{state === null ? null : <Said text={`${standing(state)} ${words.never}`} className="plain" />}</p>
      <p role="status" className={told?.wrong === true ? 'problem' : 'dim'}>{told === null ? null : <Said text={told.text} className="plain" />}</p>
    </div>
  )
}

function standing({ place, file, kept, problem }: PasswordState): string {
  if (problem !== null) return words.broken(problem)
  if (!kept) return `${words.none} ${place === 'keyring' ? words.wouldKeyring : words.wouldFile(file ?? '')}`
  return `${words.there} ${place === 'keyring' ? words.inKeyring : words.inFile(file ?? '')}`
}
