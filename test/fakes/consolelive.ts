/** The Live page's own procedures in the console's double: check again, where names lead, the history of a sender. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { Leads, SenderHistory } from '../../shared/api/live.ts'
import type { Recheck } from '../../shared/api/recheck.ts'
import type { Rule, SessionRecord } from '../../shared/events.ts'
import { clientScope, contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { answer } from './samplecast.ts'
import type { Role } from './samplecast.ts'
import { detailOf } from './samplesessions.ts'

type Sessions = readonly { readonly record: SessionRecord; readonly role: Role }[]

interface Gate {
  readonly sessions: Sessions
  readonly rules: Rule[]
  readonly calls: string[]
  readonly checks: { readonly repaired: ReadonlySet<string>; readonly ms: number }
}

export function liveRoutes(gate: Gate) {
  const os = implement(api)
  return {
    recheck: os.recheck.handler(async ({ input }) => {
      gate.calls.push(`recheck ${input.id} ${input.release}`)
      await new Promise((resolve) => setTimeout(resolve, gate.checks.ms))
      return recheckOf(gate.sessions, gate.rules, gate.checks.repaired, input.id, input.release)
    }),
    live: {
      leads: os.live.leads.handler(({ input }) => leadsOf(gate.sessions, input.ids)),
      history: os.live.history.handler(({ input }) => historyOf(gate.sessions, gate.rules, input.client)),
    },
  }
}

function recheckOf(sessions: Sessions, rules: Rule[], repaired: ReadonlySet<string>, id: string, release: boolean): { ok: true; result: Recheck } | { ok: false; problem: string } {
  const found = sessions.find(({ record }) => record.id === id)
  if (found === undefined) return { ok: false, problem: 'This session is not in the journal: it is still under way, or it is gone.' }
  const { record, role } = found
  const detail = detailOf(record, role)
  const base = { id, at: new Date().toISOString(), client: record.client, ehlo: record.ehlo, rules: 'house' }
  const ehlo = record.ehlo ?? 'mail.repaired.example'
  if (!repaired.has(record.client)) {
    const { verdict, iprev, ptrNames, findings, refusedFor, verifiedName } = record
    return { ok: true, result: { ...base, verdict: verdict ?? 'accept', iprev: iprev ?? 'pass', ptrNames, findings, refusedFor, verifiedName, evidence: detail.evidence, remedies: detail.remedies, sentence: detail.sentence, release: { kind: verdict === 'accept' ? 'only-looked' : 'not-yet' } } }
  }
  const reverse = `${record.client.split('.').reverse().join('.')}.in-addr.arpa`
  const evidence = [answer(reverse, 'PTR', 'found', [ehlo], { ms: 7 }), answer(ehlo, 'A', 'found', ['216.33.97.70', record.client], { ttl: 60, ms: 4 })]
  const address = parseAddress(record.client)!
  const lifted = release ? (rules.find((rule) => rule.kind === 'ban' && rule.by === 'auto' && rule.scope === clientScope(address).text) ?? null) : null
  if (lifted !== null) rules.splice(rules.indexOf(lifted), 1)
  const stays = rules.find((rule) => rule.kind === 'ban' && covers(rule, record.client)) ?? null
  return { ok: true, result: { ...base, verdict: 'accept', iprev: 'pass', ptrNames: [ehlo], findings: [], refusedFor: [], verifiedName: ehlo, evidence, remedies: [], sentence: `${record.client} is ${ehlo}, and its DNS is in order: nothing is wrong.`, release: release ? { kind: 'released', lifted, stays, strikes: 3 } : { kind: 'only-looked' } } }
}

function leadsOf(sessions: Sessions, ids: readonly string[]): Leads[] {
  return sessions.filter(({ record }) => ids.includes(record.id)).map(({ record, role }) => {
    const evidence = detailOf(record, role).evidence
    const of = (name: string | undefined) => evidence.filter(({ question }) => question.name === name && question.type === 'A').flatMap(({ records }) => records)
    return { id: record.id, ehlo: of(record.ehlo ?? undefined), reverse: of(record.ptrNames[0]) }
  })
}

function historyOf(sessions: Sessions, rules: readonly Rule[], client: string): SenderHistory | null {
  const address = parseAddress(client)
  if (address === null) return null
  const scope = clientScope(address).text
  const own = sessions.filter(({ record }) => parseAddress(record.client) !== null && contains(parseNetwork(scope)!, parseAddress(record.client)!)).reverse()
  const strikes = own.filter(({ record }) => record.disposition === 'rejected').slice(0, 3).map(({ record }) => record.at).reverse()
  return {
    scope, attempts: own.slice(0, 200).map(({ record: { id, at, ehlo, disposition, refusedFor, sender } }) => ({ id, at, ehlo, disposition, refusedFor, sender, strike: strikes.includes(at) ? strikes.indexOf(at) + 1 : null })),
    more: own.length > 200, ban: rules.find((rule) => rule.kind === 'ban' && covers(rule, client)) ?? null, allow: rules.find((rule) => rule.kind === 'allow' && covers(rule, client)) ?? null,
    strikes, needed: 10, windowMinutes: 60, bansBefore: 1, suggestedAt: null,
  }
}

function covers(rule: Rule, client: string): boolean {
  const network = parseNetwork(rule.scope)
  const address = parseAddress(client)
  return network !== null && address !== null && contains(network, address)
}
