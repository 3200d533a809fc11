/**
 * From a refused session to the words of a notice (POLICY, Notices): every time with its zone, the address and time on one line, the
 * transcript, the lookups as nslookup prints them, the remedies as zone-file lines. Pure; whatever a client, its DNS or a registry said
 * stays within its line.
 */
import { clockText, localTime, zonedTime } from '../calendar.ts'
import type { OffsetMinutes } from '../calendar.ts'
import { nslookupText } from '../dns/printed.ts'
import type { JournalEntry, TranscriptLine } from '../events.ts'
import { asciiText, visibleText } from '../net/safetext.ts'
import { classicLog } from './classiclog.ts'
import { remedyLines } from './remedy.ts'
import type { Remedy } from './remedy.ts'
import type { FieldValues } from './template.ts'

export interface NoticeShop {
  readonly name: string | null
  readonly phone: string | null
  readonly rate: string | null
  readonly url: string | null
  readonly adminEmail: string | null
}

export interface NoticeContext {
  readonly entry: JournalEntry
  /** The best first; all are sound, so any of them will do. */
  readonly remedies: readonly Remedy[]
  /** What is wrong and whose job it is, one sentence. */
  readonly problem: string
  readonly shop: NoticeShop
  readonly hostname: string
  /** The help page's page of this refusal. */
  readonly helpLink: string | null
  /** Who was told before, and when (ms). */
  readonly told: readonly { readonly address: string; readonly at: number }[]
  readonly offset: OffsetMinutes
}

const MAX_VALUE = 400
const MAX_LINES = 80
const MAX_REMEDIES = 3

export function noticeFields({ entry, remedies, problem, shop, hostname, helpLink, told, offset }: NoticeContext): FieldValues {
  const { session } = entry
  const at = Date.parse(session.at)
  const own = (text: string | null) => visibleText((text ?? '').trim(), MAX_VALUE)
  const outside = (text: string | null) => asciiText(text ?? '', MAX_VALUE)
  return {
    client: session.client,
    ehlo: outside(session.ehlo),
    ptr: outside(session.ptrNames.join(', ')),
    verified: outside(session.verifiedName),
    sender: session.sender === '' ? '<>' : outside(session.sender),
    recipient: outside(session.recipients.join(', ')),
    event: `${session.client} at ${zonedTime(at, offset)}`,
    time: zonedTime(at, offset),
    problem: visibleText(problem, 2000),
    reply: outside(session.reply),
    id: session.id,
    help: outside(helpLink),
    told: toldText(told, offset),
    hostname: outside(hostname),
    shop: own(shop.name), phone: own(shop.phone), rate: own(shop.rate), url: own(shop.url), admin: own(shop.adminEmail),
    transcript: bounded(transcriptLines(entry.transcript, at, offset)),
    lookups: bounded(entry.evidence.length === 0 ? [] : nslookupText(entry.evidence).trimEnd().replaceAll('\t', '  ').split('\n')),
    remedies: remediesLines(remedies),
    log: bounded(classicLog(entry, offset).map((line) => visibleText(line))),
  }
}

/** Only what client and gate said to each other: the mail server behind is nobody else's business. */
function transcriptLines(transcript: readonly TranscriptLine[], start: number, offset: OffsetMinutes): string[] {
  return transcript.flatMap(({ who, ms, text }) => {
    if (who !== 'client' && who !== 'gate') return []
    const { local, zone } = localTime(start + ms, offset)
    return [`${clockText(local)} ${zone} ${who === 'client' ? 'they' : 'we  '}: ${visibleText(text, MAX_VALUE)}`]
  })
}

function remediesLines(remedies: readonly Remedy[]): string[] {
  return remedies.slice(0, MAX_REMEDIES).flatMap((remedy, index) => [...(index === 0 ? [] : ['', '; or instead of all that:']), asciiText(`; ${remedy.title}`), ...remedyLines(remedy)])
}

function toldText(told: NoticeContext['told'], offset: OffsetMinutes): string {
  if (told.length === 0) return ''
  return `We have told those who can repair it: ${told.slice(0, 3).map(({ address, at }) => `${asciiText(address, 120)} on ${zonedTime(at, offset)}`).join('; ')}.`
}

function bounded(lines: readonly string[]): readonly string[] {
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `(and ${lines.length - MAX_LINES} more lines)`]
}
