/**
 * A small zone in memory, for the fake resolver and the fake name server. One record a line, as in a zone file without classes:
 *
 *     1.2.0.192.in-addr.arpa  PTR    mail.acme.example
 *     mail.acme.example  300  A      192.0.2.1          # TTL if not 60
 *     www.acme.example        CNAME  mail.acme.example
 *     acme.example            MX     10 mail.acme.example
 *     sick.example            A      !servfail          # also !refused, !timeout, !malformed, !nxdomain, !nodata
 *     deaf.example            ANY    !timeout           # every type
 *
 * A name that exists with other types, or has names below it, is nodata; any other is nxdomain. CNAMEs are followed within the zone.
 * Answers are as a recursive resolver gives them: negative TTL 60.
 */
import type { AnswerStatus, Question, RecordType } from '../../shared/dns/answer.ts'
import { isHostName } from '../../shared/net/domain.ts'

export interface ZoneRecord {
  readonly owner: string
  readonly ttl: number
  readonly type: RecordType | 'CNAME'
  /** Presentation format; for an `!` line the status. */
  readonly data: string
}

export interface Zone {
  readonly records: readonly ZoneRecord[]
  /** By "name TYPE" or "name ANY". */
  readonly statuses: ReadonlyMap<string, AnswerStatus>
}

export interface ZoneReply {
  readonly status: AnswerStatus
  readonly aliases: readonly ZoneRecord[]
  readonly records: readonly ZoneRecord[]
}

/** Throws on a line that it does not understand: a test with a typo must not pass. */
export function parseZone(text: string): Zone {
  const records: ZoneRecord[] = []
  const statuses = new Map<string, AnswerStatus>()
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s)[#;].*$/, '').trim()
    if (line === '') continue
    const match = /^(\S+)\s+(?:(\d+)\s+)?(?:IN\s+)?(A|AAAA|PTR|MX|CNAME|NS|SOA|TXT|ANY)\s+(.+)$/.exec(line)
    if (match === null) throw new Error(`zone line not understood: ${raw}`)
    const [, name = '', ttl, type = '', data = ''] = match
    const owner = canonical(name)
    if (data.startsWith('!')) statuses.set(`${owner} ${type}`, data.slice(1) as AnswerStatus)
    else records.push({ owner, ttl: Number(ttl ?? 60), type: type as ZoneRecord['type'], data: type === 'MX' ? mx(data) : type.startsWith('A') || type === 'TXT' ? data : canonical(data) })
  }
  return { records, statuses }
}

const canonical = (name: string) => (name.length > 1 ? name.replace(/\.$/, '') : name).toLowerCase()
const mx = (data: string) => data.replace(/^(\d+)\s+(\S+)$/, (_all, preference: string, host: string) => `${preference} ${canonical(host)}`)

/** What a recursive resolver would answer. A loop or an endless chain stops after 16 aliases. */
export function lookUp(zone: Zone, question: Question): ZoneReply {
  const aliases: ZoneRecord[] = []
  let name = question.name
  for (;;) {
    const status = zone.statuses.get(`${name} ${question.type}`) ?? zone.statuses.get(`${name} ANY`)
    if (status !== undefined) return { status, aliases, records: [] }
    const records = zone.records.filter((record) => record.owner === name && record.type === question.type)
    if (records.length > 0) return { status: 'found', aliases, records }
    const at = name
    const alias = zone.records.find((record) => record.owner === at && record.type === 'CNAME')
    if (alias === undefined || aliases.length === 16) return { status: exists(zone, at) ? 'nodata' : 'nxdomain', aliases, records: [] }
    aliases.push(alias)
    name = alias.data
  }
}

function exists(zone: Zone, name: string): boolean {
  return zone.records.some((record) => record.owner === name || (isHostName(name) && record.owner.endsWith(`.${name}`)))
}
