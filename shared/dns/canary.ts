/**
 * The canary (POLICY, Disposition 6): from rounds of questions whose answers are known, whether the shop's own DNS is sick.
 * Promises: a question fails only if these name servers have answered it better, or the admin says that they can; one bad round alone
 * changes nothing; an invented answer does at once; one good round heals; the same rounds give the same state.
 */
import type { Answer, AnswerStatus } from './answer.ts'
import { isTemporary, questionText } from './answer.ts'

/** Names that outlive us all: one of the root's, two of those who keep the names and write the standards. */
export const DEFAULT_CANARY: readonly string[] = ['a.root-servers.net', 'www.iana.org', 'www.ietf.org']

/** How often a round is asked while all is well. */
export const EVERY_MS = 30_000
/** After a bad round, and while red: so that sickness is known, and its end noticed, well within a minute. */
export const AGAIN_MS = 5000
/** Rounds out of turn are at least this far apart. */
export const JUMP_MS = 5000
/** So many answers at least tell whether the temporary rate has jumped. */
const JUMP_ANSWERS = 20
/** Failed questions that the sentence names. */
const MAX_NAMED = 4

/** One round: the known-good questions, and the name that cannot exist. */
export interface CanaryRound {
  readonly known: readonly Answer[]
  readonly invented: Answer
}

export interface Sickness {
  readonly kind: 'failing' | 'lying'
  /** What failed, as one sentence for the admin. */
  readonly text: string
}

/**
 * How good an answer is. Names of the Internet may be denied or refused by a name server that serves only its own zones (a laboratory, a shop
 * without Internet): that is no sickness. When it then says less than it did, it is.
 */
export type Grade = 0 | 1 | 2 | 3
const GRADES: Readonly<Record<AnswerStatus, Grade>> = { found: 3, nodata: 2, nxdomain: 2, refused: 1, servfail: 0, timeout: 0, malformed: 0 }
const KNOWN_GOOD: Grade = 3

/** The best grade that each question has had, by questionText. */
export type Grades = Readonly<Partial<Record<string, Grade>>>

export interface CanaryState {
  /** Null: green. */
  readonly sick: Sickness | null
  /** When it became what it is, ms since 1970. */
  readonly since: number
  /** Whether over half of the last round failed. */
  readonly failing: boolean
  readonly best: Grades
  /** Questions of the last round that are known to be good. 0: green is all that is not known. */
  readonly knownGood: number
}

/** Green until rounds say otherwise. `best`: what is remembered of these name servers. */
export function newCanary(now: number, best: Grades = {}): CanaryState {
  return { sick: null, since: now, failing: false, best, knownGood: 0 }
}

export function afterRound(state: CanaryState, round: CanaryRound, now: number): CanaryState {
  // What was never answered at all can tell nothing.
  const telling = round.known.filter(({ question }) => expected(question, state.best) > 0)
  const failed = telling.filter((answer) => hasFailed(answer, state.best))
  const failing = failed.length * 2 > telling.length
  const sick = lieOf(round, state) ?? (failing && (state.failing || state.sick !== null) ? failureOf(failed, telling, state) : null)
  const best: Partial<Record<string, Grade>> = { ...state.best }
  for (const { question, status } of round.known) {
    const key = questionText(question)
    if (GRADES[status] > (best[key] ?? 0)) best[key] = GRADES[status]
  }
  const knownGood = round.known.filter(({ question }) => expected(question, best) === KNOWN_GOOD).length
  return { sick, failing, since: (sick === null) === (state.sick === null) ? state.since : now, best, knownGood }
}

/** What the admin named, and the own PTR (which is asked once it was found), is known to be good. A default name is once it was found. */
function expected(question: Answer['question'], best: Grades): Grade {
  return DEFAULT_CANARY.includes(question.name) ? (best[questionText(question)] ?? 0) : KNOWN_GOOD
}

function hasFailed({ question, status }: Answer, best: Grades): boolean {
  return GRADES[status] < expected(question, best)
}

/** Only `found` is a lie: servers that deny compactly (RFC 9824) say nodata. While the answer is temporary, an earlier lie is neither repeated nor taken back. */
function lieOf({ invented }: CanaryRound, state: CanaryState): Sickness | null {
  if (state.sick?.kind === 'lying' && (invented.status === 'found' || isTemporary(invented.status))) return state.sick
  if (invented.status !== 'found') return null
  const parent = invented.question.name.replace(/^[^.]*\./, '')
  return { kind: 'lying', text: sentence(`the name server${by(invented)} gave an address to a random name below ${parent} that does not exist: it invents answers`) }
}

/** The words of the first time stand, so that an alarm is not told anew with every round. */
function failureOf(failed: readonly Answer[], telling: readonly Answer[], state: CanaryState): Sickness {
  if (state.sick?.kind === 'failing') return state.sick
  const named = failed.slice(0, MAX_NAMED).map((answer) => `${questionText(answer.question)}: ${STATUS[answer.status]}${by(answer)}`)
  const more = failed.length > MAX_NAMED ? '; …' : ''
  return { kind: 'failing', text: sentence(`${failed.length} of ${telling.length} questions that are known to have an answer failed (${named.join('; ')}${more})`) }
}

const STATUS: Readonly<Record<AnswerStatus, string>> = {
  found: 'found', nodata: 'no such record', nxdomain: 'said not to exist', servfail: 'SERVFAIL', refused: 'REFUSED', timeout: 'no answer in time', malformed: 'an unusable answer',
}

function by({ server }: Answer): string {
  return server === null ? '' : ` ${server}`
}

function sentence(what: string): string {
  return `Our own DNS is sick: ${what}. Until it is well nobody is refused for DNS (451 instead), and nobody gets a strike`
}

/** How long after the last round the next one is due (after its start if it was good, else after its end), ms. */
export function nextRound(state: CanaryState): number {
  return state.failing || state.sick !== null ? AGAIN_MS : EVERY_MS
}

/** Answers by status since a count began: whether they tell of a jump, tell of none, or are too few. */
export function temporaryRate(counts: Readonly<Record<AnswerStatus, number>>): 'jumped' | 'usual' | 'unknown' {
  const temporary = counts.servfail + counts.refused + counts.timeout + counts.malformed
  const all = temporary + counts.found + counts.nodata + counts.nxdomain
  if (all < JUMP_ANSWERS) return 'unknown'
  return temporary * 2 > all ? 'jumped' : 'usual'
}
