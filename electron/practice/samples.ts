/**
 * What DNS says in practice mode: the answers the sample senders (cast.ts) are judged by. Names below example domains and
 * documentation addresses are nobody's; the founding case is as it was in 2002. What is not listed does not exist.
 */
import type { AnswerStatus, RecordType } from '../../shared/dns/answer.ts'
import { parseAddress, reverseName } from '../../shared/net/ip.ts'

export interface SampleAnswer {
  readonly name: string
  readonly type: RecordType
  /** `found` unless said. */
  readonly status?: AnswerStatus
  readonly records?: readonly string[]
  /** How long the answer takes, ms; some milliseconds if not said. */
  readonly delayMs?: number
}

const a = (name: string, ...records: string[]): SampleAnswer => ({ name, type: 'A', records })
const aaaa = (name: string, ...records: string[]): SampleAnswer => ({ name, type: 'AAAA', records })
const mx = (name: string, ...records: string[]): SampleAnswer => ({ name, type: 'MX', records })
const ptr = (address: string, ...records: string[]): SampleAnswer => ({ name: reverseOf(address), type: 'PTR', records })

/** PTR and A that lead to each other. */
const confirmed = (address: string, name: string): SampleAnswer[] => [ptr(address, name), address.includes(':') ? aaaa(name, address) : a(name, address)]

function reverseOf(address: string): string {
  const parsed = parseAddress(address)
  if (parsed === null) throw new Error(`no address: ${address}`)
  return reverseName(parsed)
}

export const SAMPLE_ANSWERS: readonly SampleAnswer[] = [
  // The founding case: no reverse name, and the name said leads to another address of the company.
  { ...a('www.americangreetings.com', '216.33.97.70'), delayMs: 180 },
  { name: reverseOf('216.33.111.150'), type: 'PTR', status: 'nxdomain', delayMs: 900 },

  ...confirmed('192.0.2.25', 'mail.acme.example'),
  ...confirmed('2001:db8:25::7', 'mail6.acme.example'),
  ...confirmed('192.0.2.90', 'bounces.letterpress.example'),

  a('mx.nopointer.example', '198.51.100.77'),
  ptr('203.0.113.40', 'host40.pool.example'),
  a('host40.pool.example', '203.0.113.99'),
  a('smtp.elsewhere.example', '203.0.113.40'),

  ...confirmed('198.51.100.12', 'dsl-12.isp.example'),
  ...confirmed('198.51.100.30', 'mail.example.net'),
  a('example.net', '198.51.100.30'),
  ...confirmed('203.0.113.7', 'gw.branch.example'),
  ...confirmed('198.51.100.60', 'mail.plumbers.example'),

  // The name servers of the reverse zone do not answer, and the forward zone is slow.
  { name: reverseOf('203.0.113.120'), type: 'PTR', status: 'timeout', delayMs: 2000 },
  { ...a('mx.slow.example', '203.0.113.120'), delayMs: 1200 },

  // A large provider: every machine has its own confirmed name, but greets with the name of the pool.
  ...confirmed('198.51.100.141', 'mail-ot1-f41.bigmail.example'),
  a('smtp-out.bigmail.example', '198.51.100.130', '198.51.100.131'),

  // A domain that is a mail host by its MX alone.
  ptr('192.0.2.61', 'mx1.choir.example'),
  a('mx1.choir.example', '192.0.2.61'),
  mx('lists.choir.example', '10 mx1.choir.example'),
]
