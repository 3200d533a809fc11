/**
 * What the journal tells of a span of time: counts for the digest, and each refused client with its attempts, out of which the few that may
 * be worth a notice are taken (due.ts). Pure; bounded whatever the number of sessions.
 */
import type { Disposition, Finding, SessionRecord } from '../events.ts'
import { clientScope, neighbourhood, parseAddress } from '../net/ip.ts'
import type { DayCounts } from './digest.ts'
import { senderDomains, worthANotice } from './due.ts'
import type { Attempt, RefusedSender } from './due.ts'
import { wasRefused } from './heard.ts'

/** One client (an IPv4 address or an IPv6 /64) with its last refusal, a rejection if there was one. */
export interface RefusedGroup {
  readonly last: SessionRecord
  readonly sender: RefusedSender
}

export interface Surveyed {
  readonly counts: DayCounts
  /** Those that may be worth a notice, and those whose DNS never answers. */
  readonly likely: readonly RefusedGroup[]
}

const MOST_CLIENTS = 300_000
const MOST_ATTEMPTS = 100
/** Of whom more is asked. */
const MOST_LIKELY = 100

/** Of whom a score is made at all: those that tried again come first, then the latest. */
const MOST_SCORED = 3000

interface Client {
  last: SessionRecord
  readonly network: string
  /** Newest first. */
  readonly attempts: Attempt[]
}

export class SurveyTally {
  readonly #dispositions: Partial<Record<Disposition, number>> = {}
  readonly #findings: Partial<Record<Finding, number>> = {}
  readonly #clients = new Map<string, Client>()
  /** How many clients of each network were refused. */
  readonly #crowds = new Map<string, number>()

  /** Sessions come newest first. */
  add(session: SessionRecord): void {
    this.#dispositions[session.disposition] = (this.#dispositions[session.disposition] ?? 0) + 1
    if (!wasRefused(session)) return
    for (const finding of session.refusedFor) this.#findings[finding] = (this.#findings[finding] ?? 0) + 1
    const address = parseAddress(session.client)
    if (address === null) return
    const scope = clientScope(address).text
    const known = this.#clients.get(scope)
    if (known === undefined) {
      if (this.#clients.size >= MOST_CLIENTS) return
      const network = neighbourhood(address).text
      this.#clients.set(scope, { last: session, network, attempts: attemptsOf(session) })
      this.#crowds.set(network, (this.#crowds.get(network) ?? 0) + 1)
      return
    }
    if (known.last.verdict !== 'reject' && session.verdict === 'reject') known.last = session
    if (known.attempts.length < MOST_ATTEMPTS) known.attempts.push(...attemptsOf(session))
  }

  /** `now` in ms. */
  result(now: number): Surveyed {
    return {
      counts: { dispositions: this.#dispositions, findings: this.#findings, senders: this.#clients.size },
      likely: likelyOf(this.#toScore().map((client) => groupOf(client, this.#crowds.get(client.network) ?? 1)), now),
    }
  }

  /** In the order of their last sessions, the newest first. */
  #toScore(): Client[] {
    const again: Client[] = []
    const once: Client[] = []
    for (const client of this.#clients.values()) {
      const list = client.attempts.length > 1 ? again : once
      if (list.length < MOST_SCORED) list.push(client)
    }
    return [...again, ...once].slice(0, MOST_SCORED)
  }
}

function attemptsOf({ at, sender, recipients, verdict }: SessionRecord): Attempt[] {
  return sender === null ? [] : [{ at: Date.parse(at), sender, recipients, temporary: verdict === 'tempfail' }]
}

function groupOf({ last, attempts }: Client, neighbours: number): RefusedGroup {
  const { client, ehlo, ptrNames, verifiedName, refusedFor } = last
  const sender: RefusedSender = {
    client, ehlo, ptrNames, verifiedName, refusedFor, leadsTo: [], repairSteps: null, attempts: attempts.toSorted((a, b) => a.at - b.at),
    acceptedBefore: { client: null, domains: {} }, existingRecipients: null, neighbours,
  }
  return { last, sender }
}

function likelyOf(groups: readonly RefusedGroup[], now: number): RefusedGroup[] {
  // What is not asked yet is taken for the best it could be, so that nobody falls out too early.
  const hopeful = groups.map(({ sender }): RefusedSender => ({
    ...sender, leadsTo: [sender.client], repairSteps: 1, existingRecipients: recipientsOf(sender), acceptedBefore: { client: now, domains: Object.fromEntries(senderDomains(sender).map((domain) => [domain, now])) },
  }))
  const { due, stuck } = worthANotice(hopeful, now)
  const wanted = new Set([...due.slice(0, MOST_LIKELY), ...stuck.slice(0, MOST_LIKELY)].map(({ client }) => client))
  return groups.filter(({ sender }) => wanted.has(sender.client))
}

export function recipientsOf({ attempts }: Pick<RefusedSender, 'attempts'>): string[] {
  return [...new Set(attempts.flatMap(({ recipients }) => recipients))]
}
