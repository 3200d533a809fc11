/**
 * What one reply says about one question: the records at the end of its CNAME chain, or why there are none (RFC 1034 §3.6.2, RFC 2308, RFC 6604).
 * Pure. Order of records, letter case and unrelated records in the reply do not matter.
 */
import { isHostName } from '../net/domain.ts'
import type { AnswerStatus, Question, RecordType } from './answer.ts'
import { CNAME, TYPE_CODE } from './wire.ts'
import type { Message, WireRecord } from './wire.ts'

/** POLICY: more than 8 CNAMEs are a temporary failure. */
export const MAX_CHAIN = 8
/** Records kept of one answer. More PTR names are ignored (10 count anyway); a larger set of another type cannot be used. */
export const MAX_RECORDS = 500

/** `next`: the chain led to this name, of which the reply says nothing more: ask there. */
export interface Reading {
  readonly status: AnswerStatus
  readonly records: readonly string[]
  readonly chain: readonly string[]
  readonly ttl: number | null
  readonly next: string | null
}

/** A name may be asked if it is a host name; on the way of a PTR also with the "/" of RFC 2317. */
export function canBeSent(name: string, type: RecordType): boolean {
  return isHostName(type === 'PTR' || type === 'SOA' ? name.replaceAll('/', '_') : name)
}

/** One for all: most answers have no CNAMEs, and the cache holds tens of thousands of them. */
const NONE: readonly string[] = []

const failure = (status: AnswerStatus, chain = NONE): Reading => ({ status, records: NONE, chain, ttl: null, next: null })

/** `question.name` is canonical. A message that could not be decoded is null. */
export function readReply(message: Message | null, question: Question): Reading {
  if (message === null) return failure('malformed')
  const { chain, owner, ttl, broken } = followChain(message.answers, question)
  if (broken) return failure('malformed', chain)
  switch (message.rcode) {
    case 0:
      return readSuccess(message, question, chain, owner, ttl)
    case 3: {
      if (recordsAt(message.answers, owner, question.type).length > 0) return failure('malformed', chain)
      return { ...failure('nxdomain', chain), ttl: negativeTtl(zoneOf(message, owner), ttl) }
    }
    case 5:
      return failure('refused', chain)
    default: // SERVFAIL, and what only a broken server says to a plain question
      return failure('servfail', chain)
  }
}

function readSuccess(message: Message, question: Question, chain: readonly string[], owner: string, ttl: number | null): Reading {
  const own = recordsAt(message.answers, owner, question.type)
  if (own.length > 0) {
    if (own.length > MAX_RECORDS && question.type !== 'PTR') return failure('malformed', chain)
    const least = own.reduce((least, record) => Math.min(least, record.ttl), ttl ?? Infinity)
    return { status: 'found', records: own.slice(0, MAX_RECORDS).map((record) => record.data), chain, ttl: least, next: null }
  }
  const zone = zoneOf(message, owner)
  if (zone !== null) return { ...failure('nodata', chain), ttl: negativeTtl(zone, ttl) }
  if (chain.length > 0) return { status: 'nodata', records: NONE, chain, ttl, next: owner }
  // RFC 2308 §2.2: name servers but no SOA, and not authoritative: a referral. Who was asked does not recurse; it knows nothing of the name.
  const referral = !message.authoritative && message.authorities.some((record) => record.type === TYPE_CODE.NS)
  return referral ? failure('servfail') : failure('nodata')
}

/** Where the CNAMEs that are in the reply lead. `ttl`: the least of theirs, null without any. Data beside a CNAME (not allowed) wins over it. */
function followChain(answers: readonly WireRecord[], question: Question) {
  const chain: string[] = []
  let owner = question.name
  let ttl: number | null = null
  for (;;) {
    const at = owner
    if (recordsAt(answers, at, question.type).length > 0) break
    const alias = answers.find((record) => record.type === CNAME && record.owner === at)
    if (alias === undefined) break
    owner = alias.data
    ttl = ttl === null ? alias.ttl : Math.min(ttl, alias.ttl)
    if (owner === question.name || chain.includes(owner) || chain.length === MAX_CHAIN) return { chain, owner, ttl, broken: true }
    chain.push(owner)
  }
  return { chain: chain.length === 0 ? NONE : chain, owner, ttl, broken: false }
}

function recordsAt(answers: readonly WireRecord[], owner: string, type: RecordType): readonly WireRecord[] {
  const code = TYPE_CODE[type]
  return answers.filter((record) => record.type === code && record.owner === owner)
}

/** The SOA that speaks for a name: of its zone or of one above. */
function zoneOf(message: Message, name: string): WireRecord | null {
  return message.authorities.find((record) => {
    if (record.type !== TYPE_CODE.SOA) return false
    return record.owner === '.' || name === record.owner || name.endsWith(`.${record.owner}`)
  }) ?? null
}

/** RFC 2308 §5: the lesser of the SOA's TTL and its minimum; without a SOA a negative answer is not kept. */
function negativeTtl(zone: WireRecord | null, chainTtl: number | null): number | null {
  if (zone === null) return null
  return Math.min(zone.ttl, zone.minimum, chainTtl ?? Infinity)
}
