/** The filters of `porch sessions` and `porch log`: what was typed becomes a SessionFilter, or one line that says what was expected. */
import { DISPOSITIONS } from '../../shared/events.ts'
import { parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import type { SessionFilter } from '../ports.ts'
import { Failure } from './failure.ts'

export interface FilterFlags {
  readonly client?: string
  readonly name?: string
  readonly rcpt?: string
  readonly sender?: string
  readonly disposition?: string
  readonly since?: string
  readonly limit?: string
}

export const DEFAULT_LIMIT = 100
const MAX_LIMIT = 100_000
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i

export function filterOf(flags: FilterFlags): SessionFilter {
  return {
    ...(flags.client === undefined ? {} : { client: clientOf(flags.client) }),
    ...(flags.name === undefined ? {} : { name: bounded('--name', flags.name, 300) }),
    ...(flags.rcpt === undefined ? {} : { rcpt: bounded('--rcpt', flags.rcpt, 400) }),
    ...(flags.sender === undefined ? {} : { sender: bounded('--sender', flags.sender, 400) }),
    ...(flags.disposition === undefined ? {} : { disposition: dispositionOf(flags.disposition) }),
    ...(flags.since === undefined ? {} : { since: sinceOf(flags.since) }),
    limit: limitOf(flags.limit),
  }
}

function clientOf(text: string): string {
  const network = parseNetwork(text.trim())
  if (network !== null) return network.text
  const [head = ''] = text.split('/')
  const hint = parseAddress(head.trim()) === null ? '' : ' with no host bits set'
  throw new Failure(`--client "${asciiText(text, 60)}": expected an address or a network${hint}, such as 192.0.2.1 or 192.0.2.0/24`)
}

function bounded(flag: string, text: string, max: number): string {
  if (text.length > max) throw new Failure(`${flag}: expected at most ${max} characters`)
  return text
}

function dispositionOf(text: string): string {
  if ((DISPOSITIONS as readonly string[]).includes(text)) return text
  throw new Failure(`--disposition "${asciiText(text, 60)}": expected one of ${DISPOSITIONS.join(', ')}`)
}

/** Without a zone: local time. */
function sinceOf(text: string): string {
  const at = ISO.test(text) ? new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(' ', 'T')) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) throw new Failure(`--since "${asciiText(text, 60)}": expected a time, such as 2026-11-23T15:00:00Z or 2026-11-23`)
  return at.toISOString()
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_LIMIT) throw new Failure(`--limit "${asciiText(text, 60)}": expected a number from 1 to ${MAX_LIMIT}`)
  return limit
}
