/** `porch sessions` and `porch log`. */
import type { SessionRecord } from '../../shared/events.ts'
import { asciiText, visibleText } from '../../shared/net/safetext.ts'
import { verdictInWords } from '../../shared/notice/sentence.ts'
import { filterOf } from './filters.ts'
import type { FilterFlags } from './filters.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { follow } from './follow.ts'
import { withOperations } from './operations.ts'
import { writeLine } from './output.ts'
import { localTime, table } from './table.ts'

export async function sessions(flags: CommonFlags & FilterFlags & { readonly follow?: boolean }): Promise<number> {
  const filter = filterOf(flags)
  const place = placeOf(flags)
  const write = (session: SessionRecord) => writeLine(flags.json === true ? JSON.stringify(session) : sessionLine(session))
  if (flags.follow === true) return follow(place, filter, write)
  const found = await withOperations(place, (operations) => operations.sessions(filter))
  if (flags.json === true) for (const session of found) write(session)
  else if (found.length === 0) writeLine(nothing(flags, place.dataDir))
  else for (const line of table(HEAD, found.map(cells))) writeLine(line)
  return 0
}

export async function log(flags: CommonFlags & FilterFlags): Promise<number> {
  const filter = filterOf(flags)
  const place = placeOf(flags)
  const lines = await withOperations(place, (operations) => operations.log(filter))
  if (flags.json === true) for (const line of lines) writeLine(JSON.stringify(line))
  else for (const line of lines) writeLine(line)
  if (lines.length === 0) process.stderr.write(`porch: ${nothing(flags, place.dataDir)}\n`)
  return 0
}

function nothing(flags: FilterFlags, dataDir: string): string {
  const filtered = [flags.client, flags.name, flags.rcpt, flags.sender, flags.disposition, flags.since].some((value) => value !== undefined)
  return filtered ? 'no session matches; try fewer filters' : `no sessions yet in ${dataDir}`
}

const HEAD = ['TIME', 'CLIENT', 'NAME', 'EHLO', 'FROM', 'TO', 'DISPOSITION', 'WHY']

function cells(session: SessionRecord): string[] {
  return [
    localTime(session.at),
    asciiText(session.client),
    nameOf(session),
    session.ehlo === null ? '-' : asciiText(session.ehlo, 50),
    session.sender === null ? '-' : `<${visibleText(session.sender, 50)}>`,
    recipientsOf(session),
    session.disposition,
    verdictInWords(session),
  ]
}

/** One session on one line of its own, for a stream. */
export function sessionLine(session: SessionRecord): string {
  const [time, client, name, ehlo, from, to, disposition, why] = cells(session)
  return `${time}  ${disposition?.padEnd(12)}  ${client} ${name}  EHLO ${ehlo}  ${from} → ${to}  ${why}`
}

function nameOf(session: SessionRecord): string {
  if (session.verifiedName !== null) return asciiText(session.verifiedName, 50)
  const [claimed] = session.ptrNames
  return claimed === undefined ? '-' : `${asciiText(claimed, 50)} (claimed)`
}

function recipientsOf(session: SessionRecord): string {
  const [first] = session.recipients
  if (first === undefined) return '-'
  return session.recipients.length === 1 ? visibleText(first, 50) : `${visibleText(first, 50)} +${session.recipients.length - 1}`
}
