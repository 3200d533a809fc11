/**
 * How long the search field takes over a million sessions: each question asked through the store's worker, as the console asks
 * it, in several rounds with other values. Goal: 100 ms at the 95th percentile. As a script: `node test/bench/search.ts DIR`
 * over a folder filled by seed.ts.
 */
import { systemClock } from '../../electron/clock.ts'
import { createStore } from '../../electron/store/store.ts'
import type { StorePort } from '../../electron/ports.ts'
import { parseSearch } from '../../shared/search/query.ts'
import { DAYS, JOINT, QUIET_MAILBOX } from './population.ts'

const DAY_MS = 86_400_000
const LIMIT = 100
const served = (domain: string) => domain === 'shop.example' || /^customer\d+\.example$/.test(domain)

/** `round` picks other values, so that nothing is answered twice. */
const QUESTIONS: Readonly<Record<string, (round: number) => string>> = {
  'address, rare': (round) => `100.${round % 200}.${(round * 37) % 256}.${1 + ((((round % 200) * 256 + ((round * 37) % 256)) * 7) % 254)}`,
  'address, common': (round) => `198.18.${round % 8}.${1 + (round % 60)}`,
  'address, absent': (round) => `9.${round}.2.7`,
  'network /24, common': (round) => `198.18.${round % 200}.0/24`,
  'network /24, rare': (round) => `100.${round % 200}.${(round * 11) % 256}.0/24`,
  'network /20, absent': (round) => `9.9.${(round * 16) % 256}.0/20`,
  'network /28 in a common /24': (round) => `198.18.${round % 8}.${((round * 16) % 256) & 0xf0}/28`,
  'domain, common': (round) => `big${round % 8}.example`,
  'domain, rare': (round) => `.spam${(round * 977) % 20_011}.example`,
  'domain, absent': (round) => `absent${round}.example`,
  'mail address, recipient': (round) => `user${1 + (round % 390)}@shop.example`,
  'mail address, sender': (round) => `person${round % 40}@firm${10 + (round % 300)}.example`,
  'mail address, absent': (round) => `nobody${round}@shop.example`,
  'EHLO name, rare': (round) => `WIN-${(round * 2 * 1237).toString(36).toUpperCase()}`,
  'session id, absent': (round) => `1kc${String(round).padStart(3, '0')}2m0q7x3y9z5v8w1t`,
  'sentence, the refused correspondent': () => `customer ${JOINT.recipient} got nothing from ${JOINT.sender}`,
  'sentence, both common, never met': () => `customer ${QUIET_MAILBOX} got nothing from big0.example`,
  'sentence, common and rare': (round) => `${JOINT.recipient} got nothing from office${(round * 13) % 2000}.example`,
  'sentence, common and absent': (round) => `${JOINT.recipient} got nothing from absent${round}.example`,
  'sentence, mailbox and mailbox': (round) => `user${1 + (round % 300)}@shop.example got nothing from person${round % 10}@office${(round * 7) % 2000}.example`,
}

export interface SearchFigure {
  readonly name: string
  readonly p50: number
  readonly p95: number
  readonly worst: number
  /** CPU of the whole process, p95: what remains of it where neighbours take the machine. */
  readonly cpu: number
  readonly found: number
}

export async function measureSearch(dataDir: string, rounds = 12): Promise<{ readonly figures: readonly SearchFigure[]; readonly p95: number; readonly cpu: number }> {
  const alarms = { raise: (_: string, __: string, text: string) => console.error(text), clear: () => undefined, list: () => [] }
  const store = await createStore({ dataDir, clock: systemClock, alarms, retentionDays: () => 10_000 })
  try {
    await counted(store)
    const figures: SearchFigure[] = []
    const all: number[] = []
    const allCpu: number[] = []
    for (const [name, textOf] of Object.entries(QUESTIONS)) {
      const times: number[] = []
      const cpu: number[] = []
      let found = 0
      const take = (asked: Awaited<ReturnType<typeof timed>>) => {
        times.push(asked.ms)
        cpu.push(asked.cpu)
      }
      for (let round = 0; round < rounds; round++) {
        const search = parseSearch(textOf(round), served)
        const since = round % 3 === 2 ? { since: new Date(Date.now() - (DAYS / 3) * DAY_MS).toISOString() } : {}
        const first = await timed(store, { search, limit: LIMIT, ...since })
        take(first)
        found += first.sessions.length
        const before = first.sessions.at(-1)?.id
        // Every other time back to the page before that.
        if (before !== undefined && round % 2 === 0) take(await timed(store, { search, limit: LIMIT, before, ...since }))
      }
      all.push(...times)
      allCpu.push(...cpu)
      figures.push({ name, ...spread(times), cpu: spread(cpu).p95, found: Math.round(found / rounds) })
    }
    figures.push(await sendersPage(store, rounds))
    return { figures, p95: spread(all).p95, cpu: spread(allCpu).p95 }
  } finally {
    await store.close()
  }
}

/** A seeded journal is counted by sender once, as one of an older version would be: not what is measured here. */
async function counted(store: StorePort): Promise<void> {
  const began = performance.now()
  while ((await store.senders({ limit: 1, sort: 'last' })).uncounted > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  console.log(`senders of the whole journal counted in ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

/** Opening the Senders page: each order, first page and the one after it. */
async function sendersPage(store: StorePort, rounds: number): Promise<SearchFigure> {
  const times: number[] = []
  const cpu: number[] = []
  let found = 0
  for (let round = 0; round < rounds; round++) {
    for (const sort of ['refused', 'last', 'attempts', 'refusals'] as const) {
      const began = performance.now()
      const before = process.cpuUsage()
      const page = await store.senders({ sort, limit: LIMIT })
      if (page.next !== null && round % 2 === 0) await store.senders({ sort, limit: LIMIT, after: page.next })
      const { user, system } = process.cpuUsage(before)
      times.push(performance.now() - began)
      cpu.push((user + system) / 1000)
      found += page.senders.length
    }
  }
  return { name: 'the Senders page', ...spread(times), cpu: spread(cpu).p95, found: Math.round(found / rounds / 4) }
}

async function timed(store: StorePort, filter: Parameters<StorePort['sessions']>[0]) {
  const began = performance.now()
  const before = process.cpuUsage()
  const sessions = await store.sessions(filter)
  const { user, system } = process.cpuUsage(before)
  return { sessions, ms: performance.now() - began, cpu: (user + system) / 1000 }
}

function spread(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), worst: sorted.at(-1) ?? 0 }
}

export function tellSearch({ figures, p95, cpu }: Awaited<ReturnType<typeof measureSearch>>): void {
  console.log(`\n${'search over a million sessions, ms'.padEnd(44)} ${'p50'.padStart(8)} ${'p95'.padStart(8)} ${'worst'.padStart(8)} ${'CPU p95'.padStart(8)}   found`)
  for (const each of figures) console.log(`${each.name.padEnd(44)} ${each.p50.toFixed(1).padStart(8)} ${each.p95.toFixed(1).padStart(8)} ${each.worst.toFixed(1).padStart(8)} ${each.cpu.toFixed(1).padStart(8)}   ${each.found}`)
  console.log(`${'all of them'.padEnd(44)} ${''.padStart(8)} ${p95.toFixed(1).padStart(8)} ${''.padStart(8)} ${cpu.toFixed(1).padStart(8)}   goal <= 100`)
}

if (import.meta.main) tellSearch(await measureSearch(process.argv[2] ?? '', Number(process.argv[3] ?? 12)))
