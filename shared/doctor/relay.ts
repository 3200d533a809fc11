/**
 * The open-relay self-test: recipients that are none of ours, plain and in the forms by which relays were tricked, and what
 * the replies say. Whoever takes one passes on foreign mail for everybody. Pure.
 */
import { checkUp } from './report.ts'
import type { CheckUp } from './report.ts'

/** RFC 2606: nobody's mailbox. */
const FOREIGN = 'porch-relay-test@example.com'
const FOREIGN_LOCAL = 'porch-relay-test'

export interface RelayForm {
  readonly name: string
  /** As it stands between the angle brackets of RCPT. */
  readonly recipient: string
  /** It ends in one of our own domains: the gate hands it on, so that the mail server has to refuse it. */
  readonly through: boolean
}

/** `domain`: one that is served; null: none is, then only those that need none. */
export function relayForms(domain: string | null): readonly RelayForm[] {
  const plain: readonly RelayForm[] = [
    { name: 'plain', recipient: FOREIGN, through: false },
    { name: 'quoted', recipient: `"${FOREIGN}"@example.net`, through: false },
    { name: 'literal', recipient: `${FOREIGN_LOCAL}@[192.0.2.1]`, through: false },
  ]
  if (domain === null) return plain
  return [
    ...plain,
    { name: 'source route', recipient: `@${domain}:${FOREIGN}`, through: false },
    { name: 'look-alike', recipient: `${FOREIGN_LOCAL}@${domain}.example.com`, through: false },
    { name: '%-hack', recipient: `${FOREIGN_LOCAL}%example.com@${domain}`, through: true },
    { name: 'quoted @', recipient: `"${FOREIGN}"@${domain}`, through: true },
    { name: '!-path', recipient: `example.com!${FOREIGN_LOCAL}@${domain}`, through: true },
  ]
}

/** A mailbox that nobody has: a mail server that takes it takes everything. */
export function controlRecipient(domain: string): string {
  return `porch-relay-test-no-such-mailbox@${domain}`
}

/** `code` null: no answer came. */
export interface RelayTry {
  readonly form: RelayForm
  readonly code: number | null
}

export interface RelayFacts {
  /** Where: "127.0.0.1:25". */
  readonly where: string
  readonly tries: readonly RelayTry[]
  /** Each form that ends in our domain, said to the mail server as a stranger; null: could not be. */
  readonly asStranger: readonly RelayTry[] | null
  /** The mail server takes a mailbox that nobody has: then the forms show nothing. */
  readonly takesAll: boolean
  readonly evidence: readonly string[]
}

export function judgeRelay({ where, tries, asStranger, takesAll, evidence }: RelayFacts): CheckUp {
  const said = (level: CheckUp['level'], says: string, todo: string | null) => checkUp('relay', where, level, says, todo, { evidence })
  const taken = tries.filter(({ code }) => code !== null && code < 400)
  const own = taken.filter(({ form }) => !form.through)
  if (own.length > 0) return said('bad', `The gate on ${where} takes mail for ${own.map(({ form }) => form.recipient).join(', ')}, which is none of your domains.`, 'Your job, now: take the domain out of domains and domainsFile.')
  // What the gate hands on as this machine's, the mail server may take for its own; what a stranger may do is what counts.
  const open = taken.filter(({ form }) => asStranger?.some((other) => other.form.name === form.name && (other.code === null || other.code >= 400)) !== true)
  if (open.length > 0 && !takesAll) return said('bad', `Through the gate on ${where} the mail server takes ${open.map(({ form }) => form.recipient).join(', ')}: it may pass on foreign mail for anybody.`, 'Your job, now: let the mail server refuse these forms. Postfix: allow_untrusted_routing = no, and no catch-all that rewrites % or !.')
  if (tries.some(({ code }) => code === null)) return said('unknown', `Whether the gate on ${where} passes on foreign mail could not be told: the dialogue broke off.`, 'Try again.')
  return open.length > 0
    ? said('ok', `The gate on ${where} refuses every foreign recipient.`, 'The mail server takes every mailbox of your domain (a catch-all), also those written with % or !. Whether it would route them on cannot be seen from here.')
    : said('ok', `The gate on ${where} refuses foreign recipients in all ${tries.length} forms: it is no open relay.`, null)
}
