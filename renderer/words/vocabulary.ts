/** What each verdict, disposition, finding, mode, rule set and DNS status is called, the same on every page. */
import type { AnswerStatus } from '../../shared/dns/answer.ts'
import type { Disposition, Finding } from '../../shared/events.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import type { Remark } from '../model/tree.ts'

export const dispositions: Record<Disposition, string> = {
  banned: 'Banned', limited: 'Over a limit', rejected: 'Rejected', deferred: 'Deferred', 'bounced-by-backend': 'Bounced by server',
  whitelisted: 'Whitelisted', exempt: 'Exempt', 'would-reject': 'Would reject', 'would-defer': 'Would defer', accepted: 'Accepted', aborted: 'Broke off',
}

export const findings: Record<Finding, string> = {
  'ptr-missing': 'no reverse name', 'ptr-unconfirmed': 'reverse name leads elsewhere', 'ehlo-malformed': 'EHLO is no host name',
  'ehlo-ours': 'claims to be this server', 'ehlo-literal-mismatch': 'literal of another address', 'ehlo-literal': 'address instead of a name',
  'ehlo-not-fqdn': 'EHLO name not qualified', 'ehlo-bare-domain': 'EHLO is a bare domain', 'ehlo-unresolvable': 'EHLO name does not exist',
  'ehlo-mismatch': 'EHLO name leads elsewhere', 'dns-temporary': 'DNS gave no answer',
}

export const modes: Record<Mode, { name: string; does: string }> = {
  enforce: { name: 'Enforce', does: 'Clients whose DNS is wrong are refused, and told why.' },
  grace: { name: 'Grace', does: 'Clients whose DNS is wrong are asked to try again later for some days, and refused after that.' },
  observe: { name: 'Observe', does: 'Nothing is refused for its DNS; the list shows what would have been. Bans made by hand still hold.' },
}

export const ruleSets: Record<RuleSet, { name: string; does: string }> = {
  house: { name: 'House', does: 'House rules: the shop’s published policy to the letter. Stricter than RFC 5321 §4.1.4, knowingly: an EHLO name that does not lead to the client is refused.' },
  standard: { name: 'Standard', does: 'Standard rules: a reverse name that leads back, and a qualified EHLO name that is not forged. Suits the open Internet today.' },
  lenient: { name: 'Lenient', does: 'Lenient rules: only a reverse name is asked for.' },
}

export const statuses: Record<AnswerStatus, string> = {
  found: 'found', nodata: 'no such record', nxdomain: 'name does not exist', servfail: 'server failed (SERVFAIL)',
  refused: 'resolver refused', timeout: 'no answer in time', malformed: 'unusable answer',
}

export const remarks: Record<Remark, string> = {
  'has-names': 'has a reverse name', 'no-name': 'no reverse name', 'leads-back': 'leads back to the client', 'leads-elsewhere': 'leads elsewhere',
  'no-address': 'has no address', temporary: 'no certain answer', 'not-asked': 'not asked', 'matches-client': 'belongs to the client',
  'other-family': 'other address family only counts as existing', 'mail-hosts': 'mail hosts of this name', 'no-mail-host': 'has no mail host',
  'not-a-name': 'is no host name', literal: 'is an address, not a name',
}
