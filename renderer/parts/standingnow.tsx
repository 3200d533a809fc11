/** What the rules say of a client now: the ban or whitelist entry that holds, until when and why, with the way to lift it. */
import { IconBan, IconShieldCheck } from '@tabler/icons-react'
import type { Rule } from '../../shared/events.ts'
import type { Match } from '../model/rulebook.ts'
import { exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'
import { Name, Said } from './outside.tsx'

const words = strings.detail.standing

export function StandingNow({ match, onLift }: { readonly match: Match; readonly onLift: (rule: Rule) => void }) {
  const { ban, allow } = match
  if (ban === null && allow === null) return null
  return (
    <ul className="standingnow" aria-label={words.label}>
      {allow === null ? null : <li><IconShieldCheck size={14} aria-hidden /><span>{words.allowed} <Name text={allow.scope} />, <Ends rule={allow} /></span><button type="button" className="link" onClick={() => onLift(allow)}>{words.remove}</button></li>}
      {ban === null ? null : <li><IconBan size={14} aria-hidden /><span>{allow === null ? words.banned : words.beaten} <Name text={ban.scope} />, <Ends rule={ban} /></span><button type="button" className="link" onClick={() => onLift(ban)}>{words.lift}</button></li>}
    </ul>
  )
}

function Ends({ rule }: { readonly rule: Rule }) {
  return <>{rule.until === null ? words.forGood : words.until(exactTime(rule.until))}{rule.reason === '' ? null : <>: <Said text={rule.reason} className="plain" /></>}</>
}
