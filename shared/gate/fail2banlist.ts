/**
 * Rules as fail2ban's client says and takes them. Read are `status JAIL`, `get JAIL banip` (also --with-time), `get JAIL banned`, `banned`,
 * and commands (`set JAIL banip …`). Written are commands, one a line, that a shell runs; reason and end stand behind as a comment.
 */
import type { Rule } from '../events.ts'
import { parseAddress } from '../net/ip.ts'
import { asciiText } from '../net/safetext.ts'
import { MAX_LIST_LINES, oneLine } from './listrow.ts'
import type { ListRow } from './listrow.ts'
import { readScope } from './scope.ts'

const JAIL = 'porch'

const COMMAND = /^(?:(?:sudo\s+)?fail2ban-client\s+)?set\s+(\S+)\s+(banip|addignoreip|unbanip|delignoreip)\s+([^#]*)(?:#(.*))?$/
/** `get JAIL banip --with-time`; times are those of the machine's zone. */
const WITH_TIME = /^(\S+)\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+ (-?\d+) = (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/

/** Whether the first line that says something is one of fail2ban's; a list of one address a line is not told from a plain one. */
export function isFail2ban(text: string): boolean {
  const first = /^(?:\s|#[^\n]*(?:\n|$))*([^\n]*)/.exec(text)?.[1]?.trim() ?? ''
  if (first.startsWith('Status for the jail:') || COMMAND.test(first) || WITH_TIME.test(first) || /^\[\s*[\]{'"]/.test(first)) return true
  const [one = '', two = ''] = first.replace(/#.*/, '').split(/[\s,]+/)
  return two !== '' && parseAddress(one.replace(/\/.*/, '')) !== null && parseAddress(two.replace(/\/.*/, '')) !== null
}

/** A text is what is wrong with the file. */
export function readFail2ban(text: string): ListRow[] | string {
  const rows: ListRow[] = []
  let status = false
  let line = 0
  for (const raw of text.split(/\r?\n/)) {
    line++
    const said = raw.trim()
    if (said === '' || said.startsWith('#')) continue
    if (said.startsWith('Status for the jail:')) status = true
    const read = status ? statusLine(said) : lineCells(said)
    if (typeof read === 'string') return `line ${line}: ${read}`
    for (const cells of read) rows.push({ line, cells })
    if (rows.length > MAX_LIST_LINES) return `expected at most ${MAX_LIST_LINES} addresses`
  }
  return rows
}

type Cells = ListRow['cells']

function statusLine(said: string): Cells[] | string {
  const list = /Banned IP list:(.*)$/.exec(said)?.[1]
  if (list !== undefined) return scopesOf(list)
  return /^(Status for the jail:|[|`]-|\|? +[|`]-)/.test(said) ? [] : 'expected what fail2ban-client status says'
}

function lineCells(said: string): Cells[] | string {
  const command = COMMAND.exec(said)
  if (command !== null) return commandCells(command)
  const timed = WITH_TIME.exec(said)
  if (timed !== null) return timedCells(timed)
  if (said.startsWith('[')) return pythonCells(said)
  return /[^\s,\w.:/]/.test(said) ? 'expected addresses, or a command such as fail2ban-client set JAIL banip 192.0.2.1' : scopesOf(said)
}

function commandCells([, , verb = '', addresses = '', comment = '']: RegExpExecArray): Cells[] | string {
  if (verb.startsWith('un') || verb.startsWith('del')) return `${verb} takes a rule away; expected banip or addignoreip`
  const [, end, reason] = /^\s*(?:(?:until (\S+)|for good)(?::|$))?(.*)$/s.exec(comment) ?? []
  const until = end ?? (/^\s*for good(:|$)/.test(comment) ? '' : undefined)
  const scopes = scopesOf(addresses)
  return scopes.map((cells) => ({ ...cells, kind: verb === 'banip' ? 'ban' : 'allow', reason: (reason ?? '').trim(), ...(until === undefined ? {} : { until }) }))
}

function timedCells([, scope = '', seconds = '', day = '', time = '']: RegExpExecArray): Cells[] | string {
  if (Number(seconds) < 0) return [{ scope, until: '' }]
  const at = Date.parse(`${day}T${time}`)
  return Number.isNaN(at) ? 'the end of the ban is no time' : [{ scope, until: new Date(at).toISOString() }]
}

/** `[{'sshd': ['192.0.2.1']}]` or `['192.0.2.1']`: what is in quotes, but for the jails' names. */
function pythonCells(said: string): Cells[] | string {
  const quoted = /(['"])(.*?)\1(\s*:)?/g
  if (/[^\s[\]{},]/.test(said.replace(quoted, ''))) return 'expected a list of addresses in quotes'
  return [...said.matchAll(quoted)].flatMap(([, , text = '', jail]) => (jail === undefined ? [{ scope: text }] : []))
}

function scopesOf(text: string): Cells[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== '').map((scope) => ({ scope }))
}

/** Commands for `sh`. The jail must exist; how long its bans hold is its own bantime. Names of the whitelist cannot be said. */
export function writeFail2ban(rules: readonly Rule[]): string {
  const lines = rules.map((rule) => {
    if (readScope(rule.kind, rule.scope)?.kind !== 'network') return `# left out, as fail2ban knows no verified names: ${asciiText(oneLine(rule.scope), 300)}`
    const end = rule.until === null ? 'for good' : `until ${rule.until}`
    const reason = asciiText(oneLine(rule.reason))
    return `fail2ban-client set ${JAIL} ${rule.kind === 'ban' ? 'banip' : 'addignoreip'} ${rule.scope} # ${end}${reason === '' ? '' : `: ${reason}`}`
  })
  const head = ['#!/bin/sh', `# Written by Porch, for a jail of the name ${JAIL}; how long its bans hold is the jail's own bantime.`]
  return [...head, ...lines].map((line) => `${line}\n`).join('')
}
