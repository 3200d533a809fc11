/**
 * Answers as the tools that every postmaster knows would print them: nslookup and dig. For pasting into a mail, so one
 * record stays one line whatever DNS said, nothing in it is hidden, and a command line holds host names only. Pure.
 */
import { DAYS, MONTHS, clockText, two } from '../calendar.ts'
import { isHostName } from '../net/domain.ts'
import { parseEndpoint } from '../net/parse.ts'
import { asciiText } from '../net/safetext.ts'
import type { Answer, AnswerStatus } from './answer.ts'
import { recordName } from './records.ts'

/** All of them, one after another, each under its command line. */
export function nslookupText(answers: readonly Answer[]): string {
  return answers.map((answer) => `${nslookupLines(answer).join('\n')}\n`).join('\n')
}

/** As `nslookupText`. `at`: when the answers came, ms since 1970; printed in UTC. */
export function digText(answers: readonly Answer[], at: number): string {
  return answers.map((answer) => `${digLines(answer, at).join('\n')}\n`).join('\n')
}

const RCODES: Readonly<Record<AnswerStatus, string>> = {
  found: 'NOERROR', nodata: 'NOERROR', nxdomain: 'NXDOMAIN', servfail: 'SERVFAIL', refused: 'REFUSED', timeout: 'timed out', malformed: 'unusable answer',
}

function nslookupLines(answer: Answer): string[] {
  const { question, status, chain } = answer
  const server = serverOf(answer)
  const name = recordName(question.name)
  const lines = command(`nslookup -type=${question.type}`, answer, server?.host)
  if (status === 'timeout') return [...lines, ';; connection timed out; no servers could be reached']
  if (server !== null) lines.push(`Server:\t\t${server.shown}`, ...(server.host === null ? [] : [`Address:\t${server.shown}#${server.port}`]), '')
  if (status === 'found' || chain.length > 0) lines.push('Non-authoritative answer:')
  lines.push(...links(answer).map(([from, to]) => `${from}\tcanonical name = ${to}.`))
  const owner = chain.length === 0 ? name : recordName(chain.at(-1) ?? '')
  switch (status) {
    case 'found': return [...lines, ...answer.records.flatMap((record) => nslookupRecord(question.type, owner, record))]
    case 'nodata': return [...lines, `*** Can't find ${owner}: No answer`]
    case 'nxdomain':
    case 'servfail':
    case 'refused': return [...lines, `** server can't find ${owner}: ${RCODES[status]}`]
    case 'malformed': return [...lines, `;; Got bad packet: ${RCODES[status]}`]
  }
}

function nslookupRecord(type: Answer['question']['type'], owner: string, record: string): string[] {
  switch (type) {
    case 'A':
    case 'AAAA': return [`Name:\t${owner}`, `Address: ${asciiText(record)}`]
    case 'PTR': return [`${owner}\tname = ${dotted(record)}`]
    case 'MX': return [`${owner}\tmail exchanger = ${mxData(record)}`]
    case 'NS': return [`${owner}\tnameserver = ${dotted(record)}`]
    case 'SOA':
    case 'TXT': return [`${owner}\ttext = ${asciiText(record)}`]
  }
}

function digLines(answer: Answer, at: number): string[] {
  const { question, status, chain, records, ms } = answer
  const server = serverOf(answer)
  const name = dotted(question.name)
  const lines = command('dig', answer, server?.host === undefined || server.host === null ? null : `@${server.host}`, question.type)
  if (status === 'timeout') return [...lines, ';; communications error: timed out', ';; no servers could be reached']
  if (status === 'malformed') lines.push(`;; Got bad packet: ${RCODES[status]}`)
  else lines.push(`;; ->>HEADER<<- opcode: QUERY, status: ${RCODES[status]}`, `;; QUERY: 1, ANSWER: ${chain.length + records.length}`)
  lines.push('', ';; QUESTION SECTION:', `;${name}\t\tIN\t${question.type}`, '')
  if (chain.length + records.length > 0) {
    const ttl = answer.ttl ?? 0
    const owner = chain.length === 0 ? name : dotted(chain.at(-1) ?? '')
    lines.push(';; ANSWER SECTION:', ...links(answer).map(([from, to]) => `${from}.\t${ttl}\tIN\tCNAME\t${to}.`))
    lines.push(...records.map((record) => `${owner}\t${ttl}\tIN\t${question.type}\t${digData(question.type, record)}`), '')
  }
  lines.push(`;; Query time: ${Math.round(ms)} msec`)
  if (server !== null) lines.push(`;; SERVER: ${server.host === null ? server.shown : `${server.shown}#${server.port}`}`)
  lines.push(`;; WHEN: ${digTime(at)}`)
  return lines
}

function digData(type: Answer['question']['type'], record: string): string {
  switch (type) {
    case 'PTR':
    case 'NS': return dotted(record)
    case 'MX': return mxData(record)
    case 'A':
    case 'AAAA':
    case 'SOA':
    case 'TXT': return asciiText(record)
  }
}

/** What one would type; left out for a name that a shell might read as more than a name. */
function command(tool: string, { question }: Answer, ...more: readonly (string | null | undefined)[]): string[] {
  if (!isHostName(question.name)) return []
  return [`$ ${[tool, dotted(question.name), ...more.filter((part) => typeof part === 'string')].join(' ')}`]
}

/** The CNAMEs as pairs, in order. */
function links({ question, chain }: Answer): [string, string][] {
  const names = [question.name, ...chain].map(recordName)
  return names.slice(1).map((to, index) => [names[index] ?? '', to])
}

function dotted(name: string): string {
  const written = recordName(name)
  return written === '.' ? '.' : `${written}.`
}

/** "10 mx.example" as "10 mx.example.". */
function mxData(record: string): string {
  const space = record.indexOf(' ')
  return `${asciiText(record.slice(0, Math.max(0, space)))} ${dotted(record.slice(space + 1))}`
}

/** Sample answers have a server that is no address. */
function serverOf({ server }: Answer): { readonly shown: string; readonly host: string | null; readonly port: number } | null {
  if (server === null) return null
  const endpoint = parseEndpoint(server)
  return endpoint === null ? { shown: asciiText(server, 100), host: null, port: 0 } : { shown: endpoint.host, host: endpoint.host, port: endpoint.port }
}

/** "Mon Nov 23 15:00:00 UTC 2026". */
function digTime(at: number): string {
  const date = new Date(at)
  return `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${two(date.getUTCDate())} ${clockText(date)} UTC ${date.getUTCFullYear()}`
}
