/** Asks before many rules are lifted at once: how many of which kind, and that it can be undone. */
import { Button, Modal } from '@mantine/core'
import type { Rule } from '../../shared/events.ts'
import { strings } from '../strings.ts'
import { Name } from './outside.tsx'

const words = strings.rules.confirm
const SHOWN = 6

export interface ConfirmLiftProps {
  readonly rules: readonly Rule[]
  readonly onConfirm: () => void
  readonly onClose: () => void
}

export function ConfirmLift({ rules, onConfirm, onClose }: ConfirmLiftProps) {
  const bans = rules.filter(({ kind }) => kind === 'ban').length
  return (
    <Modal opened onClose={onClose} title={words.title(rules.length)} centered size="md" lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': strings.rules.close }}>
      <form className="confirm" onSubmit={(event) => { event.preventDefault(); onConfirm() }}>
        {bans > 0 ? <p>{words.bans(bans)}</p> : null}
        {rules.length > bans ? <p>{words.allows(rules.length - bans)}</p> : null}
        <ul className="someof">
          {rules.slice(0, SHOWN).map((rule) => <li key={`${rule.kind} ${rule.scope}`}><Name text={rule.scope} className="clip" /></li>)}
          {rules.length > SHOWN ? <li className="dim">{strings.rule.moreHits(rules.length - SHOWN)}</li> : null}
        </ul>
        <p className="dim">{words.undo}</p>
        <div className="buttons">
          <Button size="xs" variant="default" onClick={onClose}>{words.cancel}</Button>
          <Button size="xs" type="submit" data-autofocus>{words.go}</Button>
        </div>
      </form>
    </Modal>
  )
}
