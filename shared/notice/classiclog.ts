/**
 * The classic log (CONTRACT): a session in the words of the gates of 2002, one event a line, ready to paste into a mail.
 *     SMTP 8 Oct 26 00:03:06 F k3f9 EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]
 * Promises: whatever the client, its DNS or the backend said, an event stays one line and nothing in it is hidden.
 */
import { MONTHS, clockText, two } from '../calendar.ts'
import type { OffsetMinutes } from '../calendar.ts'
import type { Finding, JournalEntry, SessionRecord, TranscriptLine } from '../events.ts'
import { asciiText, visibleText } from '../net/safetext.ts'

/** A information, F failure. `ms` since the connection was accepted. */
interface Event {
  readonly ms: number
  readonly kind: 'A' | 'F'
  readonly text: string
}

const MAX_NAME = 255
const MAX_LINE = 600

export function classicLog(entry: JournalEntry, offset: OffsetMinutes): string[] {
  const start = Date.parse(entry.session.at)
  const id = asciiText(entry.session.id.slice(-4))
  return eventsOf(entry).map(({ ms, kind, text }) => `SMTP ${classicTime(start + ms, offset)} ${kind} ${id} ${text}`)
}

/** "8 Oct 26 00:03:01": day, month, year of the century, local time. */
export function classicTime(ms: number, offset: OffsetMinutes): string {
  const local = new Date(ms + offset(ms) * 60_000)
  const date = `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()] ?? ''} ${two(local.getUTCFullYear() % 100)}`
  return `${date} ${clockText(local)}`
}

function eventsOf({ session, transcript }: JournalEntry): Event[] {
  const at = verdictPlace(session, transcript)
  const ms = transcript[at]?.ms ?? session.ms
  const spoken = (lines: readonly TranscriptLine[]) => lines.flatMap((line) => spokenEvent(line) ?? [])
  return [
    { ms: 0, kind: 'A', text: `Connection from [${asciiText(session.client)}]` },
    ...spoken(transcript.slice(0, at)),
    ...verdictEvents(session, greetingVerb(session, transcript), ms),
    ...spoken(transcript.slice(at)),
    ...outcomeEvents(session),
  ]
}

/** The verdict stands before the first reply that it decides: the refusal; else the answer to the first RCPT; else the end. */
function verdictPlace(session: SessionRecord, transcript: readonly TranscriptLine[]): number {
  const refusal = session.refusedFor.length === 0 ? -1 : transcript.findIndex((line) => line.who === 'gate' && line.text === session.reply && /^[45]/.test(line.text))
  if (refusal !== -1) return refusal
  const rcpt = transcript.findIndex((line) => line.who === 'client' && /^rcpt to/i.test(line.text))
  const answer = rcpt === -1 ? -1 : transcript.findIndex((line, index) => index > rcpt && line.who === 'gate')
  return answer === -1 ? transcript.length : answer
}

function greetingVerb(session: SessionRecord, transcript: readonly TranscriptLine[]): string {
  const said = transcript.filter((line) => line.who === 'client' && /^(?:ehlo|helo)\b/i.test(line.text))
  const standing = said.find((line) => session.ehlo !== null && line.text.slice(5).trim() === session.ehlo) ?? said.at(-1)
  return standing?.text.slice(0, 4).toUpperCase() ?? 'EHLO'
}

/** What the client said, and every reply of the gate (of a multi-line one the last line). The backend's words are in the gate's; remarks are not events. */
function spokenEvent({ who, ms, text }: TranscriptLine): Event | null {
  switch (who) {
    case 'client': return { ms, kind: 'A', text: visibleText(text, MAX_LINE) }
    case 'gate': return /^\d{3}-/.test(text) ? null : { ms, kind: /^[45]/.test(text) ? 'F' : 'A', text: visibleText(text, MAX_LINE) }
    case 'backend':
    case 'note': return null
  }
}

function verdictEvents(session: SessionRecord, verb: string, ms: number): Event[] {
  const findings = session.findings.map((finding): Event => ({
    ms, kind: session.refusedFor.includes(finding) ? 'F' : 'A', text: findingText(finding, session, verb),
  }))
  const ruling = rulingText(session)
  return ruling === null ? findings : [...findings, { ms, kind: ruling.kind, text: `${verb} ${ruling.text} mail from ${whose(session)}` }]
}

function rulingText({ disposition, refusedFor }: SessionRecord): Pick<Event, 'kind' | 'text'> | null {
  if (refusedFor.length === 0) return null
  switch (disposition) {
    case 'rejected': return { kind: 'F', text: 'rejected' }
    case 'deferred': return { kind: 'F', text: 'deferred' }
    case 'would-reject': return { kind: 'A', text: 'would have rejected' }
    case 'would-defer': return { kind: 'A', text: 'would have deferred' }
    case 'banned':
    case 'limited':
    case 'bounced-by-backend':
    case 'whitelisted':
    case 'exempt':
    case 'accepted':
    case 'aborted': return null
  }
}

function findingText(finding: Finding, session: SessionRecord, verb: string): string {
  const who = whose(session)
  const address = `[${asciiText(session.client)}]`
  switch (finding) {
    case 'ptr-missing': return `PTR - no reverse hostname ${address}`
    case 'ptr-unconfirmed': return `PTR - reverse hostname does not lead back ${asciiText(session.ptrNames[0] ?? '', MAX_NAME)} ${address}`
    case 'ehlo-malformed': return `${verb} - malformed hostname ${who}`
    case 'ehlo-ours': return `${verb} - forged hostname, it is ours ${who}`
    case 'ehlo-literal-mismatch': return `${verb} - inconsistent address literal / IP address ${who}`
    case 'ehlo-literal': return `${verb} - address literal, no hostname ${who}`
    case 'ehlo-not-fqdn': return `${verb} - hostname not fully qualified ${who}`
    case 'ehlo-bare-domain': return `${verb} - domain without host part ${who}`
    case 'ehlo-unresolvable': return `${verb} - unknown hostname ${who}`
    case 'ehlo-mismatch': return `${verb} - inconsistent hostname / IP address ${who}`
    case 'dns-temporary': return `DNS - temporary failure ${who}`
  }
}

/** "www.americangreetings.com [216.33.111.150]" */
function whose({ ehlo, client }: SessionRecord): string {
  const address = `[${asciiText(client)}]`
  return ehlo === null ? address : `${asciiText(ehlo, MAX_NAME)} ${address}`
}

/** How the session ended, unless the verdict's own line has said so. */
function outcomeEvents(session: SessionRecord): Event[] {
  const outcome = outcomeText(session)
  return outcome === null ? [] : [{ ms: session.ms, ...outcome }]
}

function outcomeText(session: SessionRecord): Pick<Event, 'kind' | 'text'> | null {
  const who = whose(session)
  const decided = session.refusedFor.length > 0
  switch (session.disposition) {
    case 'banned': return { kind: 'F', text: `BAN rejected mail from ${who}` }
    case 'limited': return { kind: 'F', text: `LIMIT rejected mail from ${who}` }
    case 'rejected': return decided ? null : { kind: 'F', text: `SMTP rejected mail from ${who}` }
    case 'deferred': return decided ? null : { kind: 'F', text: `SMTP deferred mail from ${who}` }
    case 'bounced-by-backend': return { kind: 'F', text: `Mail server rejected mail from ${who}` }
    case 'whitelisted': return { kind: 'A', text: `WHITELIST accepted mail from ${who}` }
    case 'exempt': return { kind: 'A', text: `EXEMPT accepted mail from ${who}` }
    case 'would-reject':
    case 'would-defer':
    case 'accepted': return { kind: 'A', text: `DATA accepted mail from ${who}` }
    case 'aborted': return { kind: 'A', text: `Connection ended without mail from ${who}` }
  }
}
