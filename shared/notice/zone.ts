/**
 * A zone that does not exist yet: what evidence shows of the sender's DNS, with records added and removed, and the client asked for
 * anew in it by the very plan of the gatherer. Advice proves its remedies here before anyone reads them.
 * What was not asked does not exist, and a temporary answer counts as nodata: neither is any help (POLICY, Advice).
 */
import type { Answer, Question, RecordType } from '../dns/answer.ts'
import { questionText } from '../dns/answer.ts'
import type { Evidence } from '../dns/evidence.ts'
import { nextQuestions } from '../dns/plan.ts'
import { recordName } from '../dns/records.ts'
import { parseAddress } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'
import type { Step } from './remedy.ts'

/** Records by owner and type ("www.acme.example. A"); a CNAME by its owner. Names canonical. */
export interface Zone {
  readonly records: ReadonlyMap<string, readonly string[]>
  readonly cnames: ReadonlyMap<string, string>
  /** Questions whose CNAMEs loop or are too many: what is known of the chain is not all of it, and it leads nowhere. */
  readonly givenUp: ReadonlySet<string>
}

/** A client, what it says in EHLO (null: nothing yet), and the DNS it lives in. */
export interface World {
  readonly client: Address
  readonly ehlo: string | null
  readonly zone: Zone
}

/** POLICY: a longer chain is a temporary answer. */
const MAX_CNAMES = 8

/** Null if the evidence names no client. */
export function worldOf(evidence: Evidence): World | null {
  const client = parseAddress(evidence.client)
  if (client === null) return null
  const records = new Map<string, readonly string[]>()
  const cnames = new Map<string, string>()
  const givenUp = new Set<string>()
  for (const { question, status, records: found, chain } of evidence.answers.values()) {
    let owner = recordName(question.name)
    if (status === 'malformed' && chain.length > 0) givenUp.add(questionText(question))
    for (const target of chain) {
      cnames.set(owner, recordName(target))
      owner = recordName(target)
    }
    if (status === 'found') records.set(questionText({ name: owner, type: question.type }), found)
  }
  return { client, ehlo: evidence.ehlo, zone: { records, cnames, givenUp } }
}

/** `owner` has the records, or would have them; `looped`: the CNAMEs lead nowhere, and it is the name itself. */
export function follow(zone: Zone, name: string, type: RecordType): { readonly owner: string; readonly chain: readonly string[]; readonly looped: boolean } {
  const chain: string[] = []
  let owner = name
  for (let target = zone.cnames.get(owner); target !== undefined; target = zone.cnames.get(owner)) {
    if (chain.length === MAX_CNAMES || zone.givenUp.has(questionText({ name, type }))) return { owner: name, chain: [], looped: true }
    chain.push(target)
    owner = target
  }
  return { owner, chain, looped: false }
}

export function recordsAt(zone: Zone, owner: string, type: RecordType): readonly string[] {
  return zone.records.get(questionText({ name: owner, type })) ?? []
}

/** Steps in any order; a record that stands beside a CNAME is not seen, as in real DNS (RFC 1034 §3.6.2). */
export function applied(world: World, steps: readonly Step[]): World {
  const records = new Map(world.zone.records)
  const cnames = new Map(world.zone.cnames)
  let { ehlo } = world
  for (const step of steps) {
    const key = `${step.name}. ${step.type}`
    const present = records.get(key) ?? []
    if (step.do === 'set-ehlo') ehlo = step.value
    else if (step.do === 'add') records.set(key, [...present, step.value])
    else if (step.type === 'CNAME') cnames.delete(step.name)
    else records.set(key, present.filter((value) => recordName(value) !== step.value))
  }
  return { client: world.client, ehlo, zone: { records, cnames, givenUp: world.zone.givenUp } }
}

/** Gathers in the zone as the gatherer would in DNS. */
export function gatherIn({ client, ehlo, zone }: World): Evidence {
  const answers = new Map<string, Answer>()
  for (let open = nextQuestions({ client, ehlo }, answers); open.length > 0; open = nextQuestions({ client, ehlo }, answers)) {
    for (const question of open) answers.set(questionText(question), answerIn(zone, question))
  }
  return { client: client.text, ehlo, answers }
}

function answerIn(zone: Zone, question: Question): Answer {
  const { owner, chain, looped } = follow(zone, question.name, question.type)
  const records = looped ? [] : recordsAt(zone, owner, question.type)
  return { question, status: records.length > 0 ? 'found' : 'nodata', records, chain, ttl: null, ms: 0, server: null }
}
