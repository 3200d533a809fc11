/**
 * Answers as nslookup prints them, which is how those who run name servers are used to read them. Only what was really answered is
 * printed; what a zone says is escaped, and stays on its line.
 */
import type { Answer } from '../dns/answer.ts'
import { asciiText } from '../net/safetext.ts'

const MAX_RECORDS = 20

/** Each answer under the command that asks for it; the resolver is named where it changes. One line each, printable ASCII. */
export function nslookupLines(answers: readonly Answer[]): string[] {
  const lines: string[] = []
  let server: string | null = null
  for (const answer of answers) {
    if (lines.length > 0) lines.push('')
    lines.push(`$ nslookup -type=${answer.question.type.toLowerCase()} ${asciiText(answer.question.name)}.`)
    if (answer.server !== null && answer.server !== server) lines.push(...serverLines(answer.server))
    server = answer.server ?? server
    lines.push(...answerLines(answer))
  }
  return lines
}

function serverLines(server: string): string[] {
  const colon = server.lastIndexOf(':')
  const host = server.slice(0, colon).replace(/^\[|\]$/g, '')
  return [`Server:  ${host}`, `Address: ${host}#${server.slice(colon + 1)}`]
}

function answerLines({ question, status, records, chain }: Answer): string[] {
  const name = asciiText(question.name)
  const owner = asciiText(chain.at(-1) ?? question.name)
  const aliases = chain.map((target, index) => `${asciiText(chain[index - 1] ?? question.name)}  canonical name = ${asciiText(target)}.`)
  switch (status) {
    case 'found': return [...aliases, ...records.slice(0, MAX_RECORDS).flatMap((record) => recordLines(owner, question.type, asciiText(record))), ...more(records.length)]
    case 'nodata': return [...aliases, `*** Can't find ${owner}: No answer`]
    case 'nxdomain': return [...aliases, `** server can't find ${owner}: NXDOMAIN`]
    case 'servfail': return [...aliases, `** server can't find ${owner}: SERVFAIL`]
    case 'refused': return [...aliases, `** server can't find ${owner}: REFUSED`]
    case 'malformed': return [...aliases, `** the answer for ${name} cannot be used (broken, endless or too long)`]
    case 'timeout': return [';; connection timed out; no servers could be reached']
  }
}

function recordLines(owner: string, type: Answer['question']['type'], record: string): string[] {
  switch (type) {
    case 'A':
    case 'AAAA': return [`Name:    ${owner}`, `Address: ${record}`]
    case 'PTR': return [`${owner}  name = ${record}.`]
    case 'MX': return [`${owner}  mail exchanger = ${record === '0 .' ? '0 .' : `${record}.`}`]
    case 'NS': return [`${owner}  nameserver = ${record}.`]
    case 'TXT': return [`${owner}  text = "${record}"`]
    case 'SOA': return [`${owner}  SOA = ${record}`]
  }
}

function more(count: number): string[] {
  return count > MAX_RECORDS ? [`(and ${count - MAX_RECORDS} more)`] : []
}
