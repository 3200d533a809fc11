/**
 * The one search field: what is typed or pasted becomes clues, each with the side of the mail it stands for. An address, a
 * network, a domain, a mail address, a session's id, an EHLO name; or a whole sentence, a line of a log, a customer's mail,
 * of which everything is left out that is none of these. Never fails: what says nothing is looked for as it stands.
 */
import { canonicalName, isHostName } from '../net/domain.ts'
import { networkOf, parseAddress, parseNetwork } from '../net/ip.ts'
import { roleOf, saysReceiver, saysSender } from './speech.ts'
import type { Role } from './speech.ts'

/**
 * Lower-case and canonical. `domain` covers itself and all below it: mail addresses of that side, and on the sender's side the
 * EHLO name, PTR names and the verified name. `word` is a whole id, name or address; `part` stands anywhere in one.
 */
export type Clue =
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'mailbox'; readonly mailbox: string; readonly role: Role }
  | { readonly kind: 'domain'; readonly domain: string; readonly role: Role }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'part'; readonly part: string }

/** Every group must hold; of one group any clue. No groups: everything. */
export interface Search {
  readonly groups: readonly (readonly Clue[])[]
}

/** Longest text that is read, in UTF-16 units. */
export const MAX_SEARCH = 2000
const MAX_CLUES = 24
/** With more unmarked mentions than a mail has sides, any of them will do. */
const SIDES = 2

type Mail = Extract<Clue, { role: Role }>
/** A mention; `role` null while nothing was said of its side. */
interface Mention {
  readonly clue: Clue
  role: Role | null
}

/**
 * `served`: whether mail for a domain is taken in here; it tells the customer from the correspondent, whatever the grammar.
 * Where that is not known, "from", "to", "von", "an", "customer" … do, and what remains open is looked for on both sides.
 */
export function parseSearch(text: string, served: (domain: string) => boolean = () => false): Search {
  const typed = text.slice(0, MAX_SEARCH).trim()
  if (typed === '') return { groups: [] }
  const whole = wholeText(typed)
  if (whole !== null) return { groups: [whole] }
  const mentions = mentionsOf(typed).slice(0, MAX_CLUES)
  const session = mentions.find(({ clue }) => clue.kind === 'session')
  if (session !== undefined) return { groups: [[session.clue]] }
  if (mentions.length === 0) return { groups: [[{ kind: 'word', word: typed.toLowerCase() }]] }
  return { groups: grouped(mentions, served) }
}

/** Forms that mean something only when they stand alone. */
function wholeText(typed: string): readonly Clue[] | null {
  if (typed === '<>') return [{ kind: 'mailbox', mailbox: '', role: 'sender' }]
  const literal = /^\[(?:ipv6:)?([^\]\s]+)\]$/i.exec(typed)
  const address = literal === null ? null : parseAddress(literal[1] ?? '')
  if (address !== null) return [{ kind: 'network', network: address.text }, { kind: 'domain', domain: typed.toLowerCase(), role: 'sender' }]
  const octets = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.?\*?$/.exec(typed)
  const beginning = octets === null ? null : parseNetwork(`${octets[1]}.0/24`)
  if (beginning !== null) return [{ kind: 'network', network: beginning.text }]
  return null
}

/** Quoted local parts hold together; typographic quotes, brackets and commas part. */
const PIECES = /"(?:[^"\\]|\\.)*"@[^\s<>,;"]+|<>|[^\s,;()<>"“”„«»‚‘’|`{}]+/gu

function mentionsOf(text: string): Mention[] {
  const mentions: Mention[] = []
  let said: Role | null = null
  let last: Role | null = null
  let greeting = false
  for (const [piece] of text.matchAll(PIECES)) {
    const clues = greeting && isLabel(piece) ? [{ kind: 'domain' as const, domain: piece.toLowerCase(), role: 'sender' as const }] : cluesOf(piece)
    const key = /^(\p{L}[\p{L}_-]*)[=:]/u.exec(piece)?.[1]?.toLowerCase()
    if (key !== undefined && clues.length > 0) said = roleOf(key, null, null) ?? said
    for (const clue of clues) {
      mentions.push({ clue, role: said })
      if ('role' in clue) last = said
    }
    if (clues.length > 0) {
      said = null
      greeting = false
      continue
    }
    const word = piece.toLowerCase().replace(/^[^\p{L}<]+|[^\p{L}>]+$/gu, '')
    if (piece === '<>') mentions.push({ clue: { kind: 'mailbox', mailbox: '', role: 'sender' }, role: 'sender' })
    greeting = word === 'ehlo' || word === 'helo'
    const before = mentions.findLast(({ clue }) => 'role' in clue)
    if (before?.role === null && saysReceiver(word)) before.role = 'recipient'
    if (before?.role === null && saysSender(word)) before.role = 'sender'
    said = roleOf(word, said, last)
  }
  return mentions
}

/** One label that may be an EHLO name. */
function isLabel(piece: string): boolean {
  return /^[a-z0-9_-]{1,63}$/i.test(piece) && isHostName(piece) && /[a-z0-9]/i.test(piece)
}

/** Everything one piece between spaces names: mostly nothing or one thing; "mail.acme.example[192.0.2.1]:25" two. */
function cluesOf(piece: string): Clue[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(piece)
  if (url !== null) return (url[2] ?? '').split(/[^0-9a-z]+/i).flatMap(sessionClue).concat(url[1] === undefined ? [] : plain(url[1].replace(/:\d+$/, ''))).slice(0, 1)
  if (!piece.includes('@[') && /[[\]]/.test(piece)) return piece.split(/[[\]]+/).flatMap((each) => plain(each))
  const found = plain(piece)
  return found.length > 0 || !piece.includes('/') || piece.includes('@') ? found : piece.split('/').flatMap((each) => plain(each))
}

const KEY = /^(?:mailto|smtp|rfc822|from|to|cc|rcpt|sender|recipient|orig_to|helo|ehlo|client|relay|host|ip|name|von|an)[:=]/i

function plain(raw: string): Clue[] {
  const keyless = raw.replace(KEY, '')
  const bare = keyless.replace(/^['*:!?]+(?!\.)/u, '').replace(/[.:!?'*…]+$/u, '').replace(/'s$/i, '')
  return [...addressClue(keyless), ...addressClue(bare), ...mailClue(bare), ...domainClue(bare), ...sessionClue(bare)].slice(0, 1)
}

/** Host bits may be set: who searches for 192.0.2.7/24 means that network. A port is left out. */
function addressClue(text: string): Clue[] {
  const bare = text.replace(/^ipv6:/i, '').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  const network = parseNetwork(bare)
  if (network !== null) return [{ kind: 'network', network: network.text }]
  const [head = '', tail = '', ...rest] = bare.split('/')
  const address = parseAddress(head)
  if (address === null || rest.length > 0 || !/^\d{1,3}$/.test(tail)) return []
  const prefix = Number(tail)
  return prefix <= (address.family === 4 ? 32 : 128) ? [{ kind: 'network', network: networkOf(address, prefix).text }] : []
}

function mailClue(text: string): Clue[] {
  const at = text.lastIndexOf('@')
  if (at < 0) return []
  const local = text.slice(0, at).replace(/^[.]+/, '').toLowerCase()
  const host = text.slice(at + 1).replace(/^\[ipv6:/i, '[').toLowerCase()
  const isMail = isDomain(host) || isLabel(host) || /^\[[0-9a-f.:]+\]$/.test(host)
  if (!isMail || local.length > 320) return []
  return local === '' ? [{ kind: 'domain', domain: canonicalName(host), role: 'either' }] : [{ kind: 'mailbox', mailbox: `${local}@${canonicalName(host)}`, role: 'either' }]
}

function domainClue(text: string): Clue[] {
  const name = text.replace(/^\*?\./, '').toLowerCase()
  return isDomain(name) || (name !== text.toLowerCase() && isLabel(name)) ? [{ kind: 'domain', domain: canonicalName(name), role: 'either' }] : []
}

/** A top-level domain is a word of two letters or more, so that "z.B." and "5.7.25" are none. */
function isDomain(name: string): boolean {
  return name.length <= 253 && /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.)+(?:\p{L}{2,63}|xn--[a-z0-9-]{1,59})$/u.test(name)
}

/** electron/ids.ts: 22 of Crockford's digits. */
function sessionClue(text: string): Clue[] {
  const id = text.toLowerCase()
  return /^[0-9a-hjkmnp-tv-z]{22}$/.test(id) ? [{ kind: 'session', id }] : []
}

function grouped(mentions: readonly Mention[], served: (domain: string) => boolean): readonly (readonly Clue[])[] {
  const mail = mentions.filter((each): each is Mention & { readonly clue: Mail } => 'role' in each.clue)
  settleRoles(mail, served)
  const within = (role: Role) => unique(mail.filter((each) => each.role === role).map(({ clue }) => ({ ...clue, role })))
  const open = unique(mail.filter(({ role }) => role === null || role === 'either').map(({ clue }) => ({ ...clue, role: 'either' as const })))
  const networks = unique(mentions.flatMap(({ clue }) => (clue.kind === 'network' ? [clue] : [])))
  const sides = open.length > SIDES ? [open] : open.map((clue) => [clue])
  return [networks, within('recipient'), within('sender'), ...sides].filter((group) => group.length > 0)
}

/** Served domains first, then what was said, then the other side of what was said. */
function settleRoles(mail: readonly (Mention & { readonly clue: Mail })[], served: (domain: string) => boolean): void {
  const own = mail.filter(({ clue }) => served(domainOf(clue)))
  const alone = new Set(mail.map(({ clue }) => JSON.stringify(clue))).size === 1
  if (own.length > 0 && own.length < mail.length) {
    for (const each of mail) each.role = own.includes(each) ? 'recipient' : 'sender'
    return
  }
  for (const each of mail) if (each.clue.role !== 'either') each.role ??= each.clue.role
  const roles = new Set(mail.flatMap(({ role }) => (role === null ? [] : [role])))
  const [only] = roles
  if (roles.size !== 1 || alone) return
  for (const each of mail) each.role ??= only === 'sender' ? 'recipient' : 'sender'
}

function domainOf(clue: Mail): string {
  return clue.kind === 'domain' ? clue.domain : clue.mailbox.slice(clue.mailbox.lastIndexOf('@') + 1)
}

function unique<T extends Clue>(clues: readonly T[]): T[] {
  return [...new Map(clues.map((clue) => [JSON.stringify(clue), clue])).values()]
}

/**
 * The same search a step wider, for when nothing was found: the domain instead of one mailbox of the sender (bounces and
 * mailing lists have others), a part of a name instead of the whole. Null: there is nothing to widen.
 */
export function wider(search: Search): Search | null {
  const several = search.groups.length > 1
  let changed = false
  const widened = search.groups.map((group) => unique(group.map((clue): Clue => {
    if (clue.kind === 'word') {
      changed = true
      return { kind: 'part', part: clue.word }
    }
    if (clue.kind !== 'mailbox' || clue.role === 'recipient' || clue.mailbox === '' || (clue.role === 'either' && several)) return clue
    changed = true
    return { kind: 'domain', domain: domainOf(clue), role: clue.role }
  })))
  return changed ? { groups: widened } : null
}
