/**
 * The text of a refusal: one line of printable ASCII that a postmaster can act on (POLICY: "Every refusal's text says …").
 * It says what is wrong with the address or the name and what to create, then where the page of this refusal is.
 */
import type { Finding } from '../events.ts'
import { isHostName } from '../net/domain.ts'
import { parseAddress, reverseName } from '../net/ip.ts'
import { asciiText } from '../net/safetext.ts'
import type { Judgement } from './verdict.ts'

export interface ReplyTextOptions {
  readonly detail: 'full' | 'brief'
  /** policy.replies: fields {client} {ehlo} {ptr} {url} {id}; {url} is the link to this refusal's page. */
  readonly overrides: Partial<Record<Finding, string>>
  /** The help page's base address, null if there is none. */
  readonly helpUrl: string | null
  /** The session's id. */
  readonly id: string
}

/** The address of a page below the help page's own (`helpPage.url`), which may end in a slash or not. */
export function helpLink(helpUrl: string, path: string): string {
  return `${helpUrl.replace(/\/+$/, '')}/${path}`
}

/** RFC 5321 §4.5.3.1.5: 512 octets with code, enhanced status code and CRLF ("550 5.7.25 " and CRLF are 13). */
const MAX_TEXT = 499
/** Of a name: it may be 253 octets long, and what is to be done must still be legible. */
const MAX_NAME = 120

/**
 * Without code and enhanced status code; together with "550 5.7.25 " and CRLF at most 512 octets. Hostile octets are escaped.
 * `finding` is the ruling's: `dns-temporary` for a judgement that rejects means that the refusal itself must wait (a sick resolver of ours).
 */
export function refusalText(client: string, judgement: Judgement, finding: Finding, options: ReplyTextOptions): string {
  const link = options.helpUrl === null ? '' : asciiText(helpLink(options.helpUrl, `r/${options.id}`))
  const fields = fieldsOf(client, judgement)
  const override = options.overrides[finding]
  if (override !== undefined) {
    const text = fillIn(override, { ...fields, url: link, id: options.id })
    return withLink(text, override.includes('{url}') ? '' : link)
  }
  const sentences = options.detail === 'brief' ? [briefText(fields, finding)] : fullText(fields, judgement, finding)
  return withLink(`${sentences.join('. ')}.`, link)
}

interface Fields {
  readonly client: string
  readonly ehlo: string
  readonly ptr: string
}

function fieldsOf(client: string, judgement: Judgement): Fields {
  const name = (text: string | undefined | null, missing: string) => (text === undefined || text === null ? missing : asciiText(text, MAX_NAME))
  return { client: asciiText(client), ehlo: name(judgement.ehlo, 'none') || '(empty)', ptr: name(judgement.verifiedNames[0] ?? judgement.ptrNames[0], 'none') }
}

/** One pass, so that a field's own braces stay text. "{url}/r/{id}" is the link too, as in the default text. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return asciiText(template.replaceAll('{url}/r/{id}', '{url}').replace(/\{([a-z]+)\}/g, (field, name: string) => values[name] ?? field))
}

/** The link is what helps most: rather than it, the words before it are cut. */
function withLink(text: string, link: string): string {
  const tail = link === '' || link.length > MAX_TEXT / 2 ? '' : ` See ${link}`
  const room = MAX_TEXT - tail.length
  return `${text.length <= room ? text : `${text.slice(0, room - 3)}...`}${tail}`
}

function briefText({ client }: Fields, finding: Finding): string {
  return finding === 'dns-temporary' ? `The DNS of ${client} cannot be checked now` : `The DNS of ${client} is wrong`
}

/**
 * What names the reply first, then what else is refused for: who repairs only the first would be refused again.
 * Where another EHLO name must be said, nothing more is told about this one: a record at it would not help (or would be at a name of ours).
 */
function fullText(fields: Fields, judgement: Judgement, finding: Finding): string[] {
  if (finding === 'dns-temporary') return [temporaryText(fields, judgement)]
  const others = judgement.refusedFor.filter((other) => other !== finding)
  const named = [finding, ...others]
  const renamed = named.find((each) => each === 'ehlo-ours' || each === 'ehlo-bare-domain')
  const told = renamed === undefined ? named : named.filter((each) => each === renamed || !ABOUT_NAME.includes(each))
  return told.map((each) => sentenceFor(each, fields, judgement))
}

const ABOUT_NAME: readonly Finding[] = ['ehlo-ours', 'ehlo-bare-domain', 'ehlo-unresolvable', 'ehlo-mismatch']

function temporaryText({ client, ehlo }: Fields, judgement: Judgement): string {
  const again = 'please try again later'
  if (!judgement.refusedFor.includes('dns-temporary')) return `The DNS of ${client} cannot be checked now, ${again}`
  return judgement.reply?.enhanced === '4.7.25'
    ? `The reverse name of ${client} cannot be checked now because its DNS fails, ${again}`
    : `The EHLO name ${ehlo} cannot be checked now because its DNS fails, ${again}`
}

function sentenceFor(finding: Finding, { client, ehlo, ptr }: Fields, judgement: Judgement): string {
  const address = parseAddress(client)
  const type = address?.family === 6 ? 'AAAA' : 'A'
  const say = `say EHLO with a full host name that leads to ${client}`
  switch (finding) {
    case 'ptr-missing': {
      const owner = address === null ? client : reverseName(address)
      return `${client} has no reverse name, its owner (ISP) must create a PTR record at ${owner} whose name leads back`
    }
    case 'ptr-unconfirmed':
      return `The reverse name ${ptr} of ${client} does not lead back to it, ${isHostName(judgement.ptrNames[0] ?? '') ? `create ${ptr} ${type} ${client} or ` : ''}correct the PTR record`
    case 'ehlo-malformed': return `The EHLO name ${ehlo} is not a host name, ${say}`
    case 'ehlo-ours': return `The EHLO name ${ehlo} is ours and not yours, ${say}`
    case 'ehlo-literal-mismatch': return `The EHLO address ${ehlo} is not ${client}, ${say}`
    case 'ehlo-literal': return `The EHLO address ${ehlo} is not a host name, ${say}`
    case 'ehlo-not-fqdn': return `The EHLO name ${ehlo} is not fully qualified, ${say}`
    case 'ehlo-bare-domain': return `The EHLO name ${ehlo} is a domain without a host part, ${say}`
    case 'ehlo-unresolvable': return `The EHLO name ${ehlo} has no address and no MX, create ${ehlo} ${type} ${client}`
    case 'ehlo-mismatch': return `The EHLO name ${ehlo} does not lead to ${client}, create ${ehlo} ${type} ${client}`
    case 'dns-temporary': return temporaryText({ client, ehlo, ptr }, judgement)
  }
}
