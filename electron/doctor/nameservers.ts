/** Each configured name server, asked by itself; and what the running gate's canary says. */
import { randomBytes } from 'node:crypto'
import { isTemporary } from '../../shared/dns/answer.ts'
import { judgeCanary, judgeNameserver } from '../../shared/doctor/nameservers.ts'
import type { NameserverFacts } from '../../shared/doctor/nameservers.ts'
import { checkUp } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import type { Question } from '../../shared/dns/answer.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'

const ASK_MS = 8000
const MOST_SERVERS = 10
const MOST_NAMES = 4

export async function examineNameservers(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  const servers = settings.dns.servers.slice(0, MOST_SERVERS)
  if (servers.length === 0) return [checkUp('dns', 'none', 'bad', 'No name server is known.', 'Your job: name one in dns.servers.')]
  const names = [settings.hostname, ...settings.dns.canary].map(canonicalName).filter((name) => name.includes('.')).slice(0, MOST_NAMES)
  const facts = await Promise.all(servers.map((server) => factsOf(deps, server, names)))
  const answers = (one: NameserverFacts) => [...one.known, one.invented].some(({ status }) => !isTemporary(status))
  const found = facts.map((one) => judgeNameserver(one, !facts.some((other) => other !== one && answers(other))))
  if (deps.gate === null) return found
  const { state, why } = deps.gate.canary.health()
  return [...found, judgeCanary(state, why)]
}

async function factsOf({ resolverOf, clock }: DoctorDeps, server: string, names: readonly string[]): Promise<NameserverFacts> {
  const resolver = resolverOf(server)
  try {
    const ask = (name: string) => resolver.resolve({ name, type: 'A' } satisfies Question, { deadline: clock.monotonic() + ASK_MS, fresh: true })
    // Under .com, as the canary does: .invalid is denied by resolvers themselves, which would hide a lie.
    const [invented, ...known] = await Promise.all([ask(`porch-doctor-${randomBytes(8).toString('hex')}.com`), ...names.map(ask)])
    return { server, known, invented, caseBroken: resolver.stats().caseBroken.includes(server) }
  } finally {
    resolver.close()
  }
}
