/**
 * The sample senders of practice mode: whom they come as, what they say, and what becomes of them under the house rules
 * (a test judges them by the real rules). Their DNS stands in samples.ts.
 */
import type { Finding, VerdictKind } from '../../shared/events.ts'

export interface SampleSender {
  readonly title: string
  readonly client: string
  /** One character per octet. `{banner}`: the name the gate itself has just greeted with. */
  readonly ehlo: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly subject: string
  readonly body: readonly string[]
  /** How often it comes in one round. */
  readonly attempts: number
  /** Under the house rules. */
  readonly verdict: VerdictKind
  readonly findings: readonly Finding[]
}

const JOE = 'joe@shop.example'
const OFFICE = 'office@shop.example'

/** In the order in which they first come. */
export const CAST: readonly SampleSender[] = [
  {
    title: 'a confirmed host', client: '192.0.2.25', ehlo: 'mail.acme.example', attempts: 1,
    sender: 'orders@acme.example', recipients: [OFFICE], subject: 'Order 20814: two crates of type',
    body: ['Hello,', '', 'please send us two more crates of the twelve point Caslon,', 'as last month, with the invoice to our office.', '', '.. and thank you for the calendar!', '', 'Ruth, Acme Printing'],
    verdict: 'accept', findings: [],
  },
  {
    title: 'the founding case', client: '216.33.111.150', ehlo: 'www.americangreetings.com', attempts: 1,
    sender: 'greetings@americangreetings.com', recipients: [JOE], subject: 'Somebody sent you a greeting card', body: ['Click to see your card.'],
    verdict: 'reject', findings: ['ptr-missing', 'ehlo-mismatch'],
  },
  {
    title: 'a retrying spammer', client: '203.0.113.200', ehlo: 'localhost', attempts: 6,
    sender: 'win@prizes.example', recipients: ['a', 'ann', 'bob', 'info', 'joe', 'sales', 'webmaster', 'zoe'].map((name) => `${name}@shop.example`),
    subject: 'YOU HAVE WON', body: ['Reply with your bank account.'],
    verdict: 'reject', findings: ['ptr-missing', 'ehlo-not-fqdn'],
  },
  {
    title: 'no reverse name', client: '198.51.100.77', ehlo: 'mx.nopointer.example', attempts: 1,
    sender: 'news@nopointer.example', recipients: [JOE], subject: 'Our spring list', body: ['Forty pages of bulbs and seeds.'],
    verdict: 'reject', findings: ['ptr-missing'],
  },
  {
    title: 'a reverse name that leads elsewhere', client: '203.0.113.40', ehlo: 'smtp.elsewhere.example', attempts: 1,
    sender: 'bill@elsewhere.example', recipients: [OFFICE], subject: 'Invoice 7', body: ['See the attachment.'],
    verdict: 'reject', findings: ['ptr-unconfirmed'],
  },
  {
    title: 'an IPv6 sender', client: '2001:db8:25::7', ehlo: 'mail6.acme.example', attempts: 1,
    sender: 'ruth@acme.example', recipients: [JOE], subject: 'Lunch on Thursday?', body: ['Joe,', '', 'half past twelve at the usual place?', '', 'Ruth'],
    verdict: 'accept', findings: [],
  },
  {
    title: 'a bare word', client: '198.51.100.12', ehlo: 'friend', attempts: 1,
    sender: 'friend@hotmail.example', recipients: [JOE], subject: 'hi', body: ['remember me?'],
    verdict: 'reject', findings: ['ehlo-not-fqdn'],
  },
  {
    title: 'a bare domain', client: '198.51.100.30', ehlo: 'example.net', attempts: 1,
    sender: 'sales@example.net', recipients: [OFFICE], subject: 'Price list', body: ['Prices as of October.'],
    verdict: 'reject', findings: ['ehlo-bare-domain'],
  },
  {
    title: 'an address literal', client: '203.0.113.7', ehlo: '[203.0.113.7]', attempts: 1,
    sender: 'scanner@branch.example', recipients: [OFFICE], subject: 'Scan from the copier', body: ['1 page.'],
    verdict: 'reject', findings: ['ehlo-literal'],
  },
  {
    title: 'an Exchange server behind NAT', client: '198.51.100.60', ehlo: 'EXCHANGE01.plumbers.local', attempts: 1,
    sender: 'gus@plumbers.example', recipients: [JOE], subject: 'The leak in your basement', body: ['We can come on Monday.'],
    verdict: 'reject', findings: ['ehlo-unresolvable'],
  },
  {
    title: 'a forged name: the shop’s own', client: '203.0.113.66', ehlo: '{banner}', attempts: 1,
    sender: 'joe@shop.example', recipients: [JOE], subject: 'Your account', body: ['It is me, yourself.'],
    verdict: 'reject', findings: ['ptr-missing', 'ehlo-ours', 'ehlo-unresolvable'],
  },
  {
    title: 'a host with slow DNS', client: '203.0.113.120', ehlo: 'mx.slow.example', attempts: 1,
    sender: 'info@slow.example', recipients: [OFFICE], subject: 'Minutes of the meeting', body: ['Attached, at last.'],
    verdict: 'tempfail', findings: ['dns-temporary'],
  },
  {
    title: 'a large provider’s pool', client: '198.51.100.141', ehlo: 'smtp-out.bigmail.example', attempts: 1,
    sender: 'aunt.may@bigmail.example', recipients: [JOE], subject: 'Pictures of the garden', body: ['Dear Joe, here are the roses.'],
    verdict: 'reject', findings: ['ehlo-mismatch'],
  },
  {
    title: 'a mail host by its MX', client: '192.0.2.61', ehlo: 'lists.choir.example', attempts: 1,
    sender: 'rehearsal-owner@lists.choir.example', recipients: [JOE], subject: '[rehearsal] Tuesday in the small hall',
    body: ['Dear singers,', '', 'on Tuesday we meet in the small hall, at seven.', 'Please bring the Byrd and a pencil.', '', '-- ', 'rehearsal mailing list'],
    verdict: 'accept', findings: [],
  },
  {
    title: 'a bounce, with the null sender', client: '192.0.2.90', ehlo: 'bounces.letterpress.example', attempts: 1,
    sender: '', recipients: [OFFICE], subject: 'Undelivered mail returned to sender',
    body: ['This is the mail system at letterpress.example.', '', 'Your message to <nobody@letterpress.example> could not be delivered:', '', '    550 5.1.1 no such mailbox'],
    verdict: 'accept', findings: [],
  },
  {
    title: 'hostile bytes in the greeting', client: '203.0.113.250', ehlo: '<script>alert(1)</script>\x1b[31m\xff\x07', attempts: 1,
    sender: 'x@203.0.113.250.example', recipients: [OFFICE], subject: 'test', body: ['test'],
    verdict: 'reject', findings: ['ptr-missing', 'ehlo-malformed'],
  },
]

/** `client` canonical. */
export function isSampleSender(client: string): boolean {
  return CAST.some((sender) => sender.client === client)
}
