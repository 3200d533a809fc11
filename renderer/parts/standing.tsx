/** How a sender stands at the moment: banned or whitelisted, by whom, until when and why, and the way out of it. */
import { IconBan, IconShieldCheck } from '@tabler/icons-react'
import type { Rule } from '../../shared/events.ts'
import { exactTime } from '../model/time.ts'
import { paneWords as words } from '../words/pane.ts'
import { Said } from './outside.tsx'

export interface StandingProps {
  readonly ban: Rule | null
  readonly allow: Rule | null
  readonly onRemove: (rule: Rule) => void
}

export function Standing({ ban, allow, onRemove }: StandingProps) {
  if (ban === null && allow === null) return null
  const rule = allow ?? ban
  if (rule === null) return null
  const end = rule.until === null ? null : exactTime(rule.until)
  const Icon = rule.kind === 'ban' ? IconBan : IconShieldCheck
  return (
    <section className="standing" data-kind={rule.kind} aria-label={words.standing}>
      <Icon size={16} aria-hidden />
      <p>
        <Said text={rule.kind === 'ban' ? words.banned(rule.scope, rule.by === 'admin', end) : words.whitelisted(rule.scope, end)} className="plain strong" />
        {allow !== null && ban !== null ? <> <Said text={words.beats(ban.scope)} className="plain" /></> : null}
        {rule.reason === '' ? null : <> <Said text={words.reason(rule.reason)} className="plain" /></>}
      </p>
      <button type="button" className="action" onClick={() => onRemove(rule)}>{rule.kind === 'ban' ? words.lift : words.remove}</button>
    </section>
  )
}
