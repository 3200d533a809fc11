/**
 * One DNS question and what was answered: the atoms of evidence. An answer is frozen when it arrives and
 * kept with the session, so that a refusal can be explained with what DNS said at the time.
 */

export type RecordType = 'PTR' | 'A' | 'AAAA' | 'MX' | 'NS' | 'SOA' | 'TXT'

/** RFC 9499 words. `nodata`: the name exists without such a record; `malformed`: an answer that cannot be used (broken packet, CNAME loop, over a limit). */
export type AnswerStatus = 'found' | 'nodata' | 'nxdomain' | 'servfail' | 'refused' | 'timeout' | 'malformed'

/** `name` in lower case and presentation format (RFC 1035 §5.1 escapes), without the final dot. */
export interface Question {
  readonly name: string
  readonly type: RecordType
}

export interface Answer {
  readonly question: Question
  readonly status: AnswerStatus
  /** A, AAAA: canonical addresses. PTR: names as in `Question.name`. MX: "10 mx.example" ("0 ." for a null MX, RFC 7505). Empty unless `found`. */
  readonly records: readonly string[]
  /** CNAME targets that were followed, in order; the last one owns the records. */
  readonly chain: readonly string[]
  /** Seconds the answer may be kept as its zone says (the smallest of the chain; a negative one by its SOA, RFC 2308), null if it said none. */
  readonly ttl: number | null
  /** Milliseconds until this answer was there; 0 from the cache. */
  readonly ms: number
  /** The resolver that answered, "address:port"; null if none did. */
  readonly server: string | null
}

/** A temporary answer is never evidence against a client (POLICY). */
export function isTemporary(status: AnswerStatus): boolean {
  return status === 'servfail' || status === 'refused' || status === 'timeout' || status === 'malformed'
}

/** "www.example.com. A", the form in which questions are shown and keyed. */
export function questionText(question: Question): string {
  // Joined, not added: the parts of an added text stay beside it, in each of tens of thousands of keys.
  return [question.name, '. ', question.type].join('')
}
