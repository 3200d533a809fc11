/**
 * Worth a notice: of the many refused senders the few that look like real correspondents, each with the reasons in words. Spam is not
 * told (PRODUCT), so what looks like it sinks. Senders whose DNS never answers for good are a list of their own. Pure; proposes only.
 */
import { contains, neighbourhood, parseAddress } from '../net/ip.ts'
import { asciiText } from '../net/safetext.ts'
import { registrableDomain } from '../gate/verdict.ts'
import type { Finding } from '../events.ts'
import { genericName, mailHostName } from './hostnames.ts'

/** One session with a reverse-path. `at` ms since 1970; `recipients` as given; `temporary`: it was deferred for DNS that did not answer. */
export interface Attempt {
  readonly at: number
  readonly sender: string
  readonly recipients: readonly string[]
  readonly temporary: boolean
}

/** What is known of one client that was refused (an IPv4 address, or an IPv6 /64 under one of its addresses). */
export interface RefusedSender {
  readonly client: string
  readonly ehlo: string | null
  readonly ptrNames: readonly string[]
  readonly verifiedName: string | null
  /** Of the last refusal. */
  readonly refusedFor: readonly Finding[]
  /** Where the EHLO name and the PTR names lead, as gathered at the last refusal. */
  readonly leadsTo: readonly string[]
  /** Steps of the shortest remedy (advice.ts); null if there is none. */
  readonly repairSteps: number | null
  /** Oldest first; the last some hundred suffice. */
  readonly attempts: readonly Attempt[]
  /** When mail from the client, or with one of these reverse-paths' domains, was last accepted; by domain in lower case. */
  readonly acceptedBefore: { readonly client: number | null; readonly domains: Readonly<Record<string, number>> }
  /** Those of the attempts' recipients for whom the mail server has accepted mail from others; null: not known. */
  readonly existingRecipients: readonly string[] | null
  /** How many addresses of its network were refused; null: counted among those that are given. */
  readonly neighbours: number | null
}

/** `weight`: what it adds or takes away. `text`: a sentence without its full stop. */
export interface Reason {
  readonly text: string
  readonly weight: number
}

export interface DueSender {
  readonly client: string
  readonly score: number
  /** The weightiest first. */
  readonly reasons: readonly Reason[]
}

/** Its DNS has not answered in any attempt since `since`; nobody but its owner can tell why. */
export interface StuckSender {
  readonly client: string
  readonly since: number
  readonly attempts: number
}

export interface Due {
  /** Best first. */
  readonly due: readonly DueSender[]
  /** The other refused ones, who look like spam or like nobody in particular; best first. */
  readonly sunk: readonly DueSender[]
  /** Longest first. */
  readonly stuck: readonly StuckSender[]
}

const THRESHOLD = 35
const DAY = 86_400_000
/** A resolver's or a zone's bad hour is over by then; a queue warns its sender after about as long. */
const STUCK_MS = 4 * 3_600_000
const STUCK_ATTEMPTS = 3
const CROWD = 5
/** Their names stand in most forged reverse-paths: that mail from them was accepted says nothing about this client. */
const MAILBOX_PROVIDERS = /^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|aol|icloud|me|mac|gmx|web|mail|proton|protonmail|yandex|qq|163|126|t-online|comcast|orange|free)\.[a-z.]+$/

/** `now` in ms. Senders on the whitelist, or already written to, are left out by the caller. */
export function worthANotice(senders: readonly RefusedSender[], now: number): Due {
  const crowds = new Map<string, number>()
  for (const { client } of senders) {
    const network = networkKey(client)
    crowds.set(network, (crowds.get(network) ?? 0) + 1)
  }
  const stuck: StuckSender[] = []
  const due: DueSender[] = []
  const sunk: DueSender[] = []
  for (const sender of senders) {
    const since = stuckSince(sender)
    if (since !== null) stuck.push({ client: sender.client, since, attempts: sender.attempts.length })
    // What is temporary is not refused: there is nothing to tell its owner about yet.
    if (sender.refusedFor.length === 0 || sender.refusedFor.every((finding) => finding === 'dns-temporary')) continue
    const reasons = reasonsFor(sender, sender.neighbours ?? crowds.get(networkKey(sender.client)) ?? 1, now)
    const score = reasons.reduce((sum, { weight }) => sum + weight, 0)
    const list = score >= THRESHOLD ? due : sunk
    list.push({ client: sender.client, score, reasons: [...reasons].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)) })
  }
  return {
    due: due.sort(byScore),
    sunk: sunk.sort(byScore),
    stuck: stuck.sort((a, b) => a.since - b.since || (a.client < b.client ? -1 : 1)),
  }
}

function networkKey(client: string): string {
  const address = parseAddress(client)
  return address === null ? client : neighbourhood(address).text
}

function byScore(a: DueSender, b: DueSender): number {
  return b.score - a.score || (a.client < b.client ? -1 : 1)
}

function stuckSince({ attempts }: RefusedSender): number | null {
  const firm = attempts.findLastIndex(({ temporary }) => !temporary)
  const run = attempts.slice(firm + 1)
  const [first] = run
  const last = run.at(-1)
  return run.length >= STUCK_ATTEMPTS && first !== undefined && last !== undefined && last.at - first.at >= STUCK_MS ? first.at : null
}

function reasonsFor(sender: RefusedSender, crowd: number, now: number): Reason[] {
  return [...acceptedReasons(sender, now), ...retryReasons(sender), ...nameReasons(sender), ...repairReasons(sender), ...recipientReasons(sender), ...spamReasons(sender, crowd)]
}

function acceptedReasons(sender: RefusedSender, now: number): Reason[] {
  const { client, domains } = sender.acceptedBefore
  const reasons: Reason[] = client === null ? [] : [{ weight: 40, text: `mail from this address was accepted ${ago(client, now)}` }]
  const own = ownDomains(sender)
  const [best] = Object.entries(domains)
    .map(([domain, at]) => ({ domain, at, weight: own.has(registrableDomain(domain) ?? domain) ? 40 : MAILBOX_PROVIDERS.test(domain) ? 0 : 25 }))
    .sort((a, b) => b.weight - a.weight || b.at - a.at)
  if (best !== undefined && best.weight > 0) reasons.push({ weight: best.weight, text: `mail from ${asciiText(best.domain, 120)} was accepted ${ago(best.at, now)}` })
  return reasons
}

/** Registrable domains of the names that the client bears or claims. */
function ownDomains({ ehlo, ptrNames, verifiedName }: RefusedSender): Set<string> {
  return new Set([ehlo, ...ptrNames, verifiedName].flatMap((name) => (name === null ? [] : (registrableDomain(name.toLowerCase()) ?? []))))
}

function retryReasons({ attempts }: RefusedSender): Reason[] {
  const queues = new Map<string, number[]>()
  for (const { at, sender, recipients } of attempts) {
    const key = JSON.stringify([sender, [...recipients].sort()])
    queues.set(key, [...(queues.get(key) ?? []), at])
  }
  const [longest = []] = [...queues.values()].sort((a, b) => b.length - a.length)
  if (longest.length < 2) return attempts.length < 2 ? [{ weight: -15, text: 'it never tried again' }] : [{ weight: -20, text: 'it never tried the same message again' }]
  const gaps = longest.slice(1).map((at, index) => at - (longest[index] ?? at))
  const patient = Math.max(...gaps) >= 30_000
  const reasons: Reason[] = [{ weight: patient ? 20 : 10, text: `it tried the same message ${longest.length} times within ${span((longest.at(-1) ?? 0) - (longest[0] ?? 0))}` }]
  // A queue waits longer each time, or as long; one early try in ten is somebody who flushed it by hand.
  const growing = gaps.slice(1).filter((gap, index) => gap >= (gaps[index] ?? 0) * 0.8).length
  if (gaps.length >= 2 && growing >= (gaps.length - 1) * 0.9) reasons.push({ weight: 15, text: 'it waits as a mail server’s queue does' })
  return reasons
}

function nameReasons(sender: RefusedSender): Reason[] {
  const own = ownDomains(sender)
  const senders = senderDomains(sender)
  const matching = senders.find((domain) => own.has(registrableDomain(domain) ?? ''))
  const names = [...new Set([sender.ehlo, ...sender.ptrNames].flatMap((name) => (name === null ? [] : [name.toLowerCase()])))]
  const mailHost = sender.ptrNames.find((name) => mailHostName(name.toLowerCase()))
  const generic = sender.verifiedName === null ? names.find((name) => genericName(name, sender.client)) : undefined
  return [
    ...(matching === undefined ? [] : [{ weight: 15, text: `it writes as ${asciiText(matching, 120)} and is called so` }]),
    ...(mailHost === undefined ? [] : [{ weight: 10, text: `its reverse name ${asciiText(mailHost, 120)} is that of a mail host` }]),
    ...(generic === undefined ? [] : [{ weight: -35, text: `its name ${asciiText(generic, 120)} is one that a provider gives to every address` }]),
  ]
}

function repairReasons({ client, leadsTo, repairSteps, refusedFor }: RefusedSender): Reason[] {
  const address = parseAddress(client)
  const next = address === null ? undefined : leadsTo.find((text) => {
    const other = parseAddress(text)
    return other !== null && other.text !== address.text && contains(neighbourhood(address), other)
  })
  return [
    ...(next === undefined ? [] : [{ weight: 20, text: `its name leads to ${next}, next door` }]),
    ...(repairSteps === 1 ? [{ weight: 15, text: 'one step would repair its DNS' }] : []),
    ...(refusedFor.includes('ehlo-ours') ? [{ weight: -50, text: 'it says that it is this shop' }] : []),
    ...(refusedFor.includes('ehlo-malformed') || refusedFor.includes('ehlo-literal-mismatch') ? [{ weight: -15, text: 'its greeting is one that no mail server gives' }] : []),
  ]
}

function recipientReasons({ attempts, existingRecipients }: RefusedSender): Reason[] {
  const all = new Set(attempts.flatMap(({ recipients }) => recipients.map((each) => each.toLowerCase())))
  const existing = existingRecipients === null ? 0 : new Set(existingRecipients.map((each) => each.toLowerCase())).size
  const many = Math.max(0, ...attempts.map(({ recipients }) => recipients.length))
  return [
    ...(all.size >= 1 && all.size <= 3 ? [{ weight: 10, text: all.size === 1 ? 'it writes to one recipient' : `it writes to ${all.size} recipients` }] : []),
    ...(all.size > 10 ? [{ weight: -30, text: `it writes to ${all.size} recipients` }] : many > 5 ? [{ weight: -15, text: `it names ${many} recipients at once` }] : []),
    ...(existing > 0 && existing >= all.size / 2 ? [{ weight: 15, text: all.size === 1 ? 'the recipient exists' : 'its recipients exist' }] : []),
    ...(existingRecipients !== null && existing === 0 && all.size > 3 ? [{ weight: -20, text: 'none of its recipients is known to exist' }] : []),
  ]
}

function spamReasons(sender: RefusedSender, crowd: number): Reason[] {
  const domains = senderDomains(sender)
  return [
    ...(domains.length > 3 ? [{ weight: -30, text: `it writes as ${domains.length} different domains` }] : []),
    ...(domains.length === 0 && sender.attempts.length > 0 ? [{ weight: -20, text: 'it writes without a return address' }] : []),
    ...(crowd >= CROWD ? [{ weight: -35, text: `${crowd} addresses of its network were refused` }] : []),
  ]
}

/** Each once, lower case; the null reverse-path has none. */
export function senderDomains({ attempts }: Pick<RefusedSender, 'attempts'>): string[] {
  return [...new Set(attempts.flatMap(({ sender }) => {
    const at = sender.lastIndexOf('@')
    return at === -1 ? [] : [sender.slice(at + 1).toLowerCase()]
  }))]
}

function ago(at: number, now: number): string {
  const days = Math.floor(Math.max(0, now - at) / DAY)
  return days === 0 ? 'within the last day' : days === 1 ? 'a day ago' : `${days} days ago`
}

function span(ms: number): string {
  if (ms >= 2 * DAY) return `${Math.round(ms / DAY)} days`
  if (ms >= 2 * 3_600_000) return `${Math.round(ms / 3_600_000)} hours`
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.max(1, Math.round(ms / 1000))} s`
}
