/** What the gate did, by word and icon; never by colour alone. */
import {
  IconArrowBackUp, IconBan, IconCheck, IconClockPause, IconDots, IconEye, IconEyePause, IconGauge, IconHandStop, IconHomeCheck, IconPlugX, IconShieldCheck,
} from '@tabler/icons-react'
import type { Leads } from '../../shared/api/live.ts'
import type { Disposition, Finding } from '../../shared/events.ts'
import { otherReason } from '../../shared/notice/otherwise.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import type { LiveSession } from '../model/feed.ts'
import { strings } from '../strings.ts'

const ICONS: Record<Disposition, typeof IconBan> = {
  banned: IconBan, limited: IconGauge, rejected: IconHandStop, deferred: IconClockPause, 'bounced-by-backend': IconArrowBackUp, whitelisted: IconShieldCheck, exempt: IconHomeCheck,
  'would-reject': IconEye, 'would-defer': IconEyePause, accepted: IconCheck, aborted: IconPlugX,
}

export function DispositionWord({ session }: { readonly session: Pick<LiveSession, 'disposition' | 'open'> }) {
  const Icon = session.open ? IconDots : ICONS[session.disposition]
  return (
    <span className="disposition" data-disposition={session.open ? 'open' : session.disposition}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span>{session.open ? strings.underWay : strings.dispositions[session.disposition]}</span>
    </span>
  )
}

/** The verdict in words: what is refused for first, what is only noted dimmed. */
export function VerdictWords({ session, leads }: { readonly session: LiveSession; readonly leads?: Leads | undefined }) {
  const other = session.open ? null : otherReason(session)
  if (other !== null) return <span className="clip" title={session.reply ?? undefined}>{other.short}</span>
  const refused = session.refusedFor
  const noted = session.findings
  const first = refused[0] ?? noted[0]
  const count = refused.length > 0 ? refused.length : noted.length
  if (first === undefined) {
    return <span className="dim">{session.open ? '' : session.verdict === null ? strings.notJudged : strings.dnsInOrder}</span>
  }
  const all = noted.map((finding) => findingWords(finding, leads)).join(', ')
  return (
    <span className={refused.length > 0 ? 'clip' : 'clip dim'} title={refused.length > 0 ? all : `${all} (${strings.tolerated})`}>
      {findingWords(first, leads)}
      {count > 1 ? <span className="dim"> {strings.more(count - 1)}</span> : null}
    </span>
  )
}

/** With the address to which a name leads, where that is known. */
function findingWords(finding: Finding, leads: Leads | undefined): string {
  const [address] = finding === 'ehlo-mismatch' ? (leads?.ehlo ?? []) : finding === 'ptr-unconfirmed' ? (leads?.reverse ?? []) : []
  if (address === undefined) return strings.findings[finding]
  return finding === 'ehlo-mismatch' ? strings.live.ehloLeadsTo(asciiText(address, 60)) : strings.live.reverseLeadsTo(asciiText(address, 60))
}
