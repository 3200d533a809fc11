/** The Check page. */
import type { VerdictKind } from '../../shared/events.ts'
import { plural } from './format.ts'

export const checkWords = {
  title: 'Check a sender', client: 'Address', clientHelp: 'The address that connects', clientPlaceholder: '192.0.2.1 or 2001:db8::1', ehlo: 'EHLO name', ehloHelp: 'The name it says in EHLO', ehloPlaceholder: 'mail.example.com',
  run: 'Check', own: 'Check my own server', stop: 'Stop', noEhlo: 'Type the name that the sender says in EHLO.',
  intro: 'DNS is asked afresh and judged by the rules alone: no whitelist, bans or exemptions. Nothing is stored.',
  asking: (count: number) => `Asking DNS… ${plural(count, 'answer', 'answers')} so far`, done: (verdict: VerdictKind) => verdicts[verdict].name, failed: 'The check broke off. Try again.', lost: 'The connection to the gate was lost during the check.',
  lookups: 'Lookups', rulesTitle: 'Under each rule set', inForce: 'in force', refusedFor: 'refused for', nothingRefused: 'nothing is refused', reply: 'What this sender would hear', replyNone: 'It is let through: 250.', replyMode: 'When findings are enforced, at the recipient:', copyReply: 'Copy reply',
  findings: 'Found', noFindings: 'Nothing is wrong.', remedies: 'What would repair it', noRemedies: 'Under the rules in force there is nothing to repair.', remediesTemporary: 'DNS failed for the moment: nothing can be said for certain, and a sender would be asked to try again.',
  history: 'Checks of this session', historyEmpty: 'Checks that you make are listed here until the page is closed.', checkOf: (client: string, ehlo: string) => `Check of ${client} as ${ehlo}`,
  ownTitle: 'My own server, as others see it', ownLoading: 'Looking up our own name…', ownFailed: 'Our own name could not be looked up.', hostname: (name: string) => `Host name: ${name}`,
  ownNone: 'DNS gives this name no public address. Others cannot find it; if this server sends mail, type its public address above.', ownPrivate: 'a private address: others see the public one of your router (NAT); check that one',
  from: { listen: 'from the settings', name: 'by DNS' }, mailOf: (domain: string) => `Mail for ${domain}`, oursFirst: 'comes here', notOurs: 'goes elsewhere: no MX record leads here', noMx: 'has no MX record', mxTrouble: 'DNS gave no answer', asOurselves: 'Judged as others would judge our own server.',
} as const

export const verdicts: Record<VerdictKind, { name: string; does: string }> = {
  accept: { name: 'Passes', does: 'Nothing that these rules refuse for.' },
  reject: { name: 'Refused', does: 'A certain finding refuses (5xx).' },
  tempfail: { name: 'Asked to try again', does: 'The outcome hangs on DNS that does not answer (451).' },
}
