/**
 * Gathers evidence for one connection (POLICY, Gathering evidence): runs the plan of questions as answers come in, the PTR side from
 * connect and an EHLO side per name, each for 8 s at most and all together for 40 queries.
 * Promises: nothing rejects; evidence is complete when a side settles (what had no answer in time is `timeout`), and its order is the plan's.
 */
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer, Question } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { answersInOrder, askedName, ehloNameQuestions, ptrQuestion, ptrSideQuestions, unanswered } from '../../shared/dns/plan.ts'
import type { Answers } from '../../shared/dns/plan.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { Address } from '../../shared/net/ip.ts'
import type { Clock, GatherPort, Gathering, QueryBudget, ResolverPort } from '../ports.ts'

export const SIDE_MS = 8000
/** Each question, and each name that must be asked anew on the way of its CNAMEs, cached or not; past it answers are `malformed`. */
export const MAX_QUERIES = 40

export function createGatherer(resolver: ResolverPort, clock: Clock): GatherPort {
  return {
    begin(client, { fresh, heard }) {
      // A link-local peer comes with its zone index.
      const address = typeof client === 'string' ? parseAddress(client.replace(/%.*$/, '')) : client
      if (address === null) throw new TypeError('gathering needs the address of a client')
      return new Connection(resolver, clock, address, fresh, heard)
    },
  }
}

const NONE: readonly never[] = []

/** Questions that belong together: one deadline, one promise. */
interface Side {
  readonly deadline: number
  readonly questions: () => readonly Question[]
  readonly settle: () => void
}

class Connection implements Gathering {
  readonly #resolver: ResolverPort
  readonly #clock: Clock
  readonly #client: Address
  readonly #fresh: boolean
  readonly #heard: ((answer: Answer) => void) | undefined
  readonly #budget: QueryBudget = { left: MAX_QUERIES }
  readonly #known = new Known()
  /** Of these there is a handful at most. They are replaced rather than changed: ten thousand idle connections pay for each list that has room to grow. */
  #underWay: readonly string[] = NONE
  #open: readonly Side[] = NONE
  readonly #ptr: Promise<void>
  /** Names that are being gathered for; another time around their answers are known. */
  #ehlos: readonly { readonly name: string; readonly side: Promise<Evidence> }[] = NONE
  #stopped = false

  constructor(resolver: ResolverPort, clock: Clock, client: Address, fresh: boolean, heard?: (answer: Answer) => void) {
    this.#resolver = resolver
    this.#clock = clock
    this.#client = client
    this.#fresh = fresh
    this.#heard = heard
    const ptr = ptrQuestion(client)
    this.#ptr = this.#start(() => ptrSideQuestions(client, this.#known, ptr))
  }

  async ptrSide(): Promise<Evidence> {
    await this.#ptr
    return this.#evidence(null)
  }

  ehloSide(name: string): Promise<Evidence> {
    const known = this.#ehlos.find((each) => each.name === name)
    if (known !== undefined) return known.side
    const underWay = { name, side: this.#gatherEhlo(name) }
    this.#ehlos = this.#ehlos.concat(underWay)
    return underWay.side.finally(() => { this.#ehlos = without(this.#ehlos, underWay) })
  }

  stop(): void {
    this.#stopped = true
    const open = this.#open
    this.#open = NONE
    for (const side of open) side.settle()
  }

  async #gatherEhlo(ehlo: string): Promise<Evidence> {
    const name = askedName(ehlo)
    if (name !== null) await this.#start(() => ehloNameQuestions(this.#client, name, this.#known))
    await this.#ptr
    return this.#evidence(ehlo)
  }

  #evidence(ehlo: string | null): Evidence {
    return { client: this.#client.text, ehlo, answers: answersInOrder({ client: this.#client, ehlo }, this.#known) }
  }

  #start(questions: () => readonly Question[]): Promise<void> {
    return new Promise((settle) => {
      const side: Side = { deadline: this.#clock.monotonic() + SIDE_MS, questions, settle }
      this.#open = this.#open.concat(side)
      this.#advance(side)
    })
  }

  /** Asks what the side needs now; settles it if that is nothing. A question that the other side has asked is waited for, not repeated. */
  #advance(side: Side): void {
    const missing = this.#stopped ? [] : unanswered(side.questions(), this.#known)
    if (missing.length === 0) {
      this.#open = without(this.#open, side)
      side.settle()
      return
    }
    for (const question of missing) {
      const key = questionText(question)
      if (this.#underWay.includes(key)) continue
      this.#underWay = this.#underWay.concat(key)
      void this.#ask(question, key, side.deadline)
    }
  }

  async #ask(question: Question, key: string, deadline: number): Promise<void> {
    const answer = await this.#resolver.resolve(question, { deadline, fresh: this.#fresh, client: this.#client.text, budget: this.#budget })
    this.#underWay = without(this.#underWay, key)
    this.#known.set(key, answer)
    if (!this.#stopped) this.#heard?.(answer)
    for (const side of this.#open) this.#advance(side)
  }
}

/** Two or three answers as a rule, for which a hash table would be five times as large. */
class Known implements Answers {
  #list: readonly (string | Answer)[] = NONE

  get(key: string): Answer | undefined {
    const at = this.#list.indexOf(key)
    return at === -1 ? undefined : this.#list[at + 1] as Answer
  }

  has(key: string): boolean {
    return this.#list.includes(key)
  }

  set(key: string, answer: Answer): void {
    this.#list = this.#list.concat(key, answer)
  }
}

function without<T>(list: readonly T[], item: T): readonly T[] {
  return list.length === 1 && list[0] === item ? NONE : list.filter((other) => other !== item)
}
