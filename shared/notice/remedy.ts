/** What a remedy is, in what order remedies are listed, and how one is written: as a title, and as zone-file lines to copy. */
import { asciiText } from '../net/safetext.ts'

export interface Step {
  readonly who: 'address-owner' | 'domain-owner' | 'server'
  readonly do: 'add' | 'remove' | 'set-ehlo'
  /** Owner name of the record (lower case, no final dot); for set-ehlo the present EHLO name. */
  readonly name: string
  /** PTR, A, AAAA, CNAME; '' for set-ehlo. */
  readonly type: string
  readonly value: string
}

export interface Remedy {
  readonly title: string
  readonly steps: readonly Step[]
}

const RANK: Readonly<Record<Step['who'], number>> = { server: 0, 'domain-owner': 1, 'address-owner': 2 }

/** Each once, the server first. */
export function partiesOf(steps: readonly Step[]): Step['who'][] {
  return [...new Set(steps.map((step) => step.who))].sort((a, b) => RANK[a] - RANK[b])
}

/** POLICY: fewest steps, fewest parties, then server before domain owner before address owner. */
export function compareRemedies(a: Remedy, b: Remedy): number {
  const [ours, theirs] = [partiesOf(a.steps), partiesOf(b.steps)]
  const ranks = (parties: readonly Step['who'][]) => parties.map((who) => RANK[who]).join('')
  return a.steps.length - b.steps.length || ours.length - theirs.length || ranks(ours).localeCompare(ranks(theirs))
}

/** An imperative sentence without a full stop. `placeholder`: the name stands for one of the sender's choice. */
export function titleOf(steps: readonly Step[], client: string, name: string, placeholder: boolean): string {
  const has = (type: string) => steps.some((step) => step.do === 'add' && step.type === type)
  const greets = steps.some((step) => step.do === 'set-ehlo')
  const reverse = has('PTR')
  const forward = has('A') || has('AAAA')
  const links =
    reverse && forward ? (host: string) => `let ${host} and ${client} lead to each other`
    : reverse ? (host: string) => `make ${host} the reverse name of ${client}`
    : forward ? (host: string) => `let ${host} lead to ${client}`
    : null
  const parts = placeholder ? [`choose a host name such as ${name}`] : []
  if (greets) parts.push(`greet with ${placeholder ? 'it' : name}`)
  if (links !== null) parts.push(links(placeholder || greets ? 'it' : name))
  // Nothing but PTRs removed: the name is there, behind others.
  if (parts.length === 0) parts.push(`put ${name} among the first reverse names of ${client}`)
  const text = parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
  return asciiText(text.charAt(0).toUpperCase() + text.slice(1))
}

const OWNER: Readonly<Record<Step['who'], string>> = {
  'address-owner': 'the owner of the address (ISP or data centre)',
  'domain-owner': 'the owner of the domain',
  server: 'the mail server',
}

/**
 * Zone-file lines (RFC 1035 §5.1) ready to copy, each party's under a comment that names it; what is to be removed and what is no
 * record at all stands in comments. One line each, printable ASCII.
 */
export function remedyLines(remedy: Remedy): string[] {
  const lines: string[] = []
  let party: Step['who'] | null = null
  for (const step of remedy.steps) {
    if (step.who !== party) lines.push(`; ${OWNER[step.who]}`)
    party = step.who
    lines.push(stepLine(step))
  }
  return lines
}

function stepLine(step: Step): string {
  if (step.do !== 'set-ehlo') return recordLine(step)
  return asciiText(`; greet with: EHLO ${step.value}${step.name === '' ? '' : `   (now: ${step.name})`}`)
}

/** "www.example.com. IN A 192.0.2.1" of a step that adds; one that removes as a comment, so that pasting never adds it. */
export function recordLine({ do: action, name, type, value }: Step): string {
  const record = `${name}. IN ${type} ${type === 'A' || type === 'AAAA' ? value : `${value}.`}`
  return asciiText(action === 'remove' ? `; remove: ${record}` : record)
}
