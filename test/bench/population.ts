/**
 * Who knocks at a small shop over three months, made up but lifelike, and the same at each run: a few hundred correspondents
 * that write daily, some thousands whose DNS is broken and who try again like mail servers, and very many that come once or
 * thrice with spam. `sessionOf(i)` of `count`, oldest first.
 */
import type { Finding, SessionRecord } from '../../shared/events.ts'

export const DAYS = 90
const DAY_MS = 86_400_000
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const CORRESPONDENTS = 400
const BROKEN = 2000
const MAILBOXES = 500
/** Never hears from big0.example, though both are everywhere: the search for the two must find that nothing is there. */
export const QUIET_MAILBOX = 'user1@shop.example'
export const JOINT = { recipient: 'joe@shop.example', sender: 'acme.example' } as const

export interface Population {
  sessionOf(index: number): SessionRecord
}

/** mulberry32: a number in [0, 1) for each two integers. */
function chance(seed: number, salt: number): number {
  let a = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)) + 0x6d2b79f5
  a = Math.imul(a ^ (a >>> 15), a | 1)
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61)
  return ((a ^ (a >>> 14)) >>> 0) / 4_294_967_296
}

/** Few are frequent, most are rare: the square of an even spread. */
const skewed = (value: number, of: number) => Math.floor(value * value * of)

export function population(count: number, now: number, days = DAYS): Population {
  const spam = Math.max(1000, Math.floor(count / 10))
  return {
    sessionOf(index) {
      const at = Math.floor(now - days * DAY_MS * (1 - (index + 1) / count))
      const base = { id: idOf(at, index), at: new Date(at).toISOString(), port: 20_000 + (index % 40_000), tls: null, ms: 30 + (index % 400) }
      const kind = chance(index, 1)
      if (index % 100_003 === 77) return { ...base, ...acme(index, count) }
      if (kind < 0.35) return { ...base, ...correspondent(index) }
      if (kind < 0.5) return { ...base, ...broken(index) }
      return { ...base, ...spammer(index, spam) }
    },
  }
}

function idOf(at: number, index: number): string {
  let id = ''
  for (let rest = at, place = 0; place < 9; place++) {
    id = (DIGITS[rest % 32] ?? '0') + id
    rest = Math.floor(rest / 32)
  }
  for (let place = 0; place < 13; place++) id += DIGITS[Math.floor(chance(index, 100 + place) * 32)] ?? '0'
  return id
}

type Body = Omit<SessionRecord, 'id' | 'at' | 'port' | 'tls' | 'ms'>

function mailboxOf(index: number): string {
  const who = skewed(chance(index, 2), MAILBOXES)
  return who === 0 ? JOINT.recipient : who < 400 ? `user${who}@shop.example` : `info@customer${who - 400}.example`
}

function accepted(client: string, name: string, sender: string, to: string, bytes: number): Body {
  return {
    client, ehlo: name, ptrNames: [name], verifiedName: name, iprev: 'pass', verdict: 'accept', findings: [], refusedFor: [], disposition: 'accepted', sender, recipients: [to],
    reply: '250 2.0.0 Ok: queued', bytes, transactions: [{ sender, recipients: [{ address: to, reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok: queued', bytes }],
  }
}

function refused(client: string, ehlo: string, ptr: string | null, sender: string, to: string, findings: readonly Finding[], temporary = false): Body {
  const reply = temporary ? `451 4.7.25 [${client}]: DNS gave no answer` : `550 5.7.25 [${client}] has no reverse name; its owner must create one`
  return {
    client, ehlo, ptrNames: ptr === null ? [] : [ptr], verifiedName: null, iprev: temporary ? 'temperror' : ptr === null ? 'permerror' : 'fail', verdict: temporary ? 'tempfail' : 'reject', findings, refusedFor: findings,
    disposition: temporary ? 'deferred' : 'rejected', sender, recipients: [to], reply, bytes: 0, transactions: [{ sender, recipients: [{ address: to, reply }], reply: null, bytes: 0 }],
  }
}

function correspondent(index: number): Body {
  const who = skewed(chance(index, 3), CORRESPONDENTS)
  const domain = who < 8 ? `big${who}.example` : `firm${who}.example`
  const hosts = who < 8 ? 60 : 1
  const host = Math.floor(chance(index, 4) * hosts)
  const to = mailboxOf(index)
  const sender = chance(index, 5) < 0.04 ? '' : `person${skewed(chance(index, 6), 40)}@${domain}`
  const quiet = who === 0 && to === QUIET_MAILBOX
  return accepted(`198.${18 + (who >> 8)}.${who & 255}.${host + 1}`, `mail${host}.${domain}`, sender, quiet ? JOINT.recipient : to, 2000 + skewed(chance(index, 7), 90_000))
}

function broken(index: number): Body {
  const who = skewed(chance(index, 8), BROKEN)
  const domain = `office${who}.example`
  const client = `203.${who >> 8}.${who & 255}.25`
  const sender = `person${skewed(chance(index, 6), 10)}@${domain}`
  const to = mailboxOf(who * 31 + Math.floor(chance(index, 9) * 3))
  if (who % 10 === 0) return refused(client, `mail.${domain}`, null, sender, to, ['dns-temporary'], true)
  return who % 3 === 0 ? refused(client, `exchange.${domain}`, `static-${who}.isp.example`, sender, to, ['ptr-unconfirmed', 'ehlo-unresolvable']) : refused(client, `mail.${domain}`, null, sender, to, ['ptr-missing', 'ehlo-mismatch'])
}

function spammer(index: number, of: number): Body {
  const who = Math.floor(chance(index, 10) * of)
  const client = `${100 + (who >> 16)}.${(who >> 8) & 255}.${who & 255}.${1 + ((who * 7) % 254)}`
  const pool = `dyn-${client.replaceAll('.', '-')}.pool${who % 97}.example`
  const sender = `${DIGITS[who % 32] ?? 'x'}${who % 9973}@spam${who % 20_011}.example`
  const findings: readonly Finding[] = who % 2 === 0 ? ['ptr-missing', 'ehlo-not-fqdn'] : ['ehlo-unresolvable']
  return refused(client, who % 2 === 0 ? `WIN-${who.toString(36).toUpperCase()}` : `host${who}.spam${who % 20_011}.example`, who % 2 === 0 ? null : pool, sender, mailboxOf(index), findings)
}

/** The correspondent whom a customer misses. */
function acme(index: number, count: number): Body {
  const late = index > count * 0.9
  const sender = 'bob@acme.example'
  return late ? refused('192.0.2.44', 'mail.acme.example', null, sender, JOINT.recipient, ['ptr-missing', 'ehlo-mismatch']) : accepted('192.0.2.44', 'mail.acme.example', sender, JOINT.recipient, 4000)
}
