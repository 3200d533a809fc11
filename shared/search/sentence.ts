/** How a search was understood, in one sentence: "mail to joe@shop.example from acme.example (reverse-path, EHLO or reverse name)". */
import { visibleText } from '../net/safetext.ts'
import type { Clue, Search } from './query.ts'

const LONGEST = 120

/** '' for a search that asks for everything. Outside text in it is made visible. */
export function understood(search: Search): string {
  const clues = search.groups.flat()
  const [first] = clues
  if (first === undefined) return ''
  if (first.kind === 'session') return `the session ${shown(first.id)}`
  if (first.kind === 'word') return `“${shown(first.word)}” as a name, an address or a session’s id`
  if (first.kind === 'part') return `“${shown(first.part)}” anywhere in names and addresses`
  const mail = search.groups.flatMap((group) => mailPhrase(group))
  const networks = search.groups.flatMap((group) => group.flatMap((clue) => (clue.kind === 'network' ? [shown(clue.network)] : [])))
  const through = networks.length === 0 ? '' : `from ${networks.some((text) => text.includes('/')) ? 'clients in' : 'the client'} ${list(networks)}`
  if (mail.length === 0 || isLiteral(search)) return `everything ${through}`
  return [`mail ${mail.join(' ')}`, through].filter((part) => part !== '').join(', ')
}

/** "[192.0.2.7]" is that client, or whoever greets so. */
function isLiteral(search: Search): boolean {
  return search.groups.length === 1 && search.groups[0]?.some((clue) => clue.kind === 'network') === true
}

function mailPhrase(group: readonly Clue[]): readonly string[] {
  const mail = group.filter((clue) => clue.kind === 'mailbox' || clue.kind === 'domain')
  const [first] = mail
  if (first === undefined) return []
  const names = list(mail.map((clue) => (clue.kind === 'domain' ? shown(clue.domain) : clue.mailbox === '' ? '<> (the null reverse-path)' : shown(clue.mailbox))))
  const domains = mail.some((clue) => clue.kind === 'domain')
  switch (first.role) {
    case 'recipient': return [`to ${names}`]
    case 'sender': return [`from ${names}${domains ? ' (reverse-path, EHLO or reverse name)' : ''}`]
    case 'either': return [`from or to ${names}${domains ? ' (address, EHLO or reverse name)' : ''}`]
  }
}

function list(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} or ${names.length - 3} more`
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function shown(text: string): string {
  return visibleText(text, LONGEST)
}
