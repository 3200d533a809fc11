/**
 * DNS blacklists (RFC 5782): the names to ask for, and what the answers mean. A list is believed only after its own test
 * entries: 127.0.0.2 must be listed and 127.0.0.1 must not (§5). Addresses in 127.255.255.0/24 are no listing but a complaint.
 */
import { isTemporary } from '../dns/answer.ts'
import type { Answer, Question } from '../dns/answer.ts'
import { parseAddress, reverseName } from '../net/ip.ts'
import { checkUp } from './report.ts'
import type { CheckUp } from './report.ts'

export const LISTED_TEST = '127.0.0.2'
export const CLEAN_TEST = '127.0.0.1'

/** `address` canonical: reversed octets, or for IPv6 reversed nibbles (RFC 5782 §2.4), below the list's zone. */
export function listQuestion(address: string, zone: string, type: 'A' | 'TXT' = 'A'): Question {
  const parsed = parseAddress(address)
  const reversed = parsed === null ? address : reverseName(parsed).replace(/\.(?:in-addr|ip6)\.arpa$/, '')
  return { name: `${reversed}.${zone}`, type }
}

/** TXT as the list wrote it (RFC 1035 §5.1 escapes undone); it is made visible where it is shown. */
function plainText(record: string): string {
  return record.replace(/\\(?:(\d{3})|(.))/g, (_, code: string | undefined, other: string | undefined) => (code === undefined ? other ?? '' : String.fromCharCode(Number(code))))
}

/** What Spamhaus' combined list says by its return code. */
const ZEN: Readonly<Record<string, string>> = {
  '127.0.0.2': 'SBL: known for spam',
  '127.0.0.3': 'SBL CSS: sends like a spammer',
  '127.0.0.4': 'XBL: hijacked or infected',
  '127.0.0.5': 'XBL: hijacked or infected',
  '127.0.0.6': 'XBL: hijacked or infected',
  '127.0.0.7': 'XBL: hijacked or infected',
  '127.0.0.9': 'SBL DROP: a network of criminals',
  '127.0.0.10': 'PBL: the provider says that no mail comes straight from here',
  '127.0.0.11': 'PBL: a network for customers that send through their provider',
}

const COMPLAINTS: Readonly<Record<string, string>> = {
  '127.255.255.252': 'the name of the list is typed wrong',
  '127.255.255.254': 'it does not answer public or open resolvers',
  '127.255.255.255': 'too many questions came from this resolver',
}

/** The complaint in an answer, in words; null if it is none. */
export function complaintOf(records: readonly string[]): string | null {
  const complaint = records.find((record) => record.startsWith('127.255.255.'))
  return complaint === undefined ? null : COMPLAINTS[complaint] ?? `it answers with the error ${complaint}`
}

export function meaningOf(zone: string, code: string): string {
  return /(?:^|\.)spamhaus\.(?:org|net)$/i.test(zone) ? ZEN[code] ?? 'listed' : 'listed'
}

export type ListState = { readonly usable: true } | { readonly usable: false; readonly check: CheckUp }

/** `listed`, `clean`: the answers for 127.0.0.2 and 127.0.0.1. */
export function judgeList(zone: string, listed: Answer, clean: Answer): ListState {
  const answers = [listed, clean]
  const no = (level: 'todo' | 'unknown', says: string, todo: string) => ({ usable: false as const, check: checkUp('blacklist', zone, level, says, todo, { answers }) })
  const complaint = complaintOf([...listed.records, ...clean.records])
  if (complaint !== null) return no('unknown', `${zone} cannot be asked: ${complaint}.`, complaint.includes('typed') ? 'Correct doctor.dnsbl in the settings.' : 'Let the gate ask a resolver of your own (dns.servers), or register with the list.')
  const silent = answers.find(({ status }) => isTemporary(status))
  if (silent !== undefined) return no('unknown', `${zone} gave no usable answer (${silent.status}).`, 'It is asked again tomorrow. If it stays so, take the list out of doctor.dnsbl.')
  if (clean.status === 'found') return no('todo', `${zone} lists everything, even 127.0.0.1: it is dead or broken, so nothing it says counts.`, 'Your job: take it out of doctor.dnsbl, and of every mail server that still asks it.')
  if (listed.status !== 'found') return no('todo', `${zone} does not list its own test address 127.0.0.2: it is no blacklist, or is out of service.`, 'Your job: correct its name in doctor.dnsbl, or take it out.')
  const odd = listed.records.find((record) => !record.startsWith('127.'))
  if (odd !== undefined) return no('todo', `${zone} answers ${odd}, which is no return code of a blacklist: its domain was probably sold.`, 'Your job: take it out of doctor.dnsbl.')
  return { usable: true }
}

/** `reason`: what the list's TXT says, if anything. */
export function judgeListing(zone: string, address: string, answer: Answer, reason: Answer | null): CheckUp {
  const about = `${zone} ${address}`
  const answers = reason === null ? [answer] : [answer, reason]
  if (isTemporary(answer.status)) return checkUp('blacklist', about, 'unknown', `Whether ${address} is on ${zone} could not be told (${answer.status}).`, 'It is asked again tomorrow.', { answers })
  if (answer.status !== 'found') return checkUp('blacklist', about, 'ok', `${address} is not on ${zone}.`, null, { answers })
  const complaint = complaintOf(answer.records)
  if (complaint !== null) return checkUp('blacklist', about, 'unknown', `Whether ${address} is on ${zone} could not be told: ${complaint}.`, 'Let the gate ask a resolver of your own (dns.servers).', { answers })
  const codes = answer.records.filter((record) => record.startsWith('127.'))
  if (codes.length === 0) return checkUp('blacklist', about, 'unknown', `${zone} answers ${answer.records.join(', ')} for ${address}, which is no return code.`, 'It is asked again tomorrow.', { answers })
  const meanings = [...new Set(codes.map((code) => `${code} (${meaningOf(zone, code)})`))].join(', ')
  return checkUp('blacklist', about, 'bad', `${address} is on ${zone}: ${meanings}. Mail from it will be refused by those who ask this list.`,
    'Your job: find what sent the spam and stop it, then ask the list to take the address off. If the list says that your provider put it there, ask the provider.',
    { answers, lines: reason?.status === 'found' ? reason.records.map(plainText) : [] })
}
