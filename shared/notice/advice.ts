/**
 * Advice: from evidence and findings to remedies that are sound (applying one makes the verdict accept) and minimal
 * (no step can be left out) under the rules in force (POLICY, Advice). Pure. Both are not argued but tried: each remedy is applied
 * to the zone that the evidence shows, the client is judged anew, and every step without which it would pass as well is dropped.
 */
import { addressTypes } from '../dns/plan.ts'
import type { Evidence } from '../dns/evidence.ts'
import { MAX_PTR_NAMES, recordName } from '../dns/records.ts'
import type { Finding } from '../events.ts'
import { canonicalName } from '../net/domain.ts'
import { reverseName } from '../net/ip.ts'
import { judge } from '../gate/verdict.ts'
import type { JudgeContext } from '../gate/verdict.ts'
import { candidateNames, placeholders } from './candidates.ts'
import type { Needs } from './candidates.ts'
import { compareRemedies, titleOf } from './remedy.ts'
import type { Remedy, Step } from './remedy.ts'
import { applied, follow, gatherIn, recordsAt, worldOf } from './zone.ts'
import type { World } from './zone.ts'

export type { Remedy, Step } from './remedy.ts'

/**
 * The best remedy first; none for a verdict that is not `reject`. `senderDomain`: the domain of the reverse-path, only used to name a
 * placeholder (it is a claim of the client's).
 */
export function advise(evidence: Evidence, context: JudgeContext, senderDomain: string | null): readonly Remedy[] {
  if (judge(evidence, context).verdict !== 'reject') return []
  const world = worldOf(evidence)
  if (world === null) return []
  // Judged anew with temporary answers as nodata: what they hide must be repaired too, or the remedy would hang on them.
  const seen = gatherIn(world)
  const { findings, refusedFor } = judge(seen, context)
  const needs = needsOf(refusedFor)
  if (needs === null) return []
  const task: Task = { world, context, needs, forged: findings.includes('ehlo-ours') }
  const remedies = candidateNames(seen, needs, context).flatMap((name) => remedyWith(task, name, false) ?? [])
  if (remedies.length > 0) return irreducible(remedies).sort(compareRemedies)
  for (const name of placeholders(seen, senderDomain, context)) {
    const remedy = remedyWith(task, name, true)
    if (remedy !== null) return [remedy]
  }
  return []
}

interface Task {
  readonly world: World
  readonly context: JudgeContext
  readonly needs: Needs
  /** It greets with a name of ours: nobody is advised to make that name lead to him, not even through an alias. */
  readonly forged: boolean
}

function needsOf(refusedFor: readonly Finding[]): Needs | null {
  const reverse = refusedFor.some((finding) => finding.startsWith('ptr-'))
  const greeting = refusedFor.some((finding) => finding.startsWith('ehlo-'))
  return reverse ? (greeting ? 'both' : 'reverse') : greeting ? 'greeting' : null
}

/** Everything that makes `name` greeting and reverse name of the client, less what turns out to be superfluous; null if it does not help. */
function remedyWith({ world, context, needs, forged }: Task, name: string, placeholder: boolean): Remedy | null {
  const accepts = (steps: readonly Step[]) => judge(gatherIn(applied(world, steps)), context).verdict === 'accept'
  const all = [
    ...(needs === 'greeting' ? [] : reverseSteps(world, name)),
    ...addressSteps(world, name),
    ...(needs === 'reverse' ? [] : greetingSteps(world, name)),
  ]
  if (!accepts(all)) return null
  const steps = withoutSuperfluous(all, accepts)
  if (forged && !steps.some((step) => step.do === 'set-ehlo')) return null
  return { title: titleOf(steps, world.client.text, name, placeholder), steps }
}

/** Leaves out one step after the other for as long as the rest suffices. */
function withoutSuperfluous(steps: readonly Step[], accepts: (steps: readonly Step[]) => boolean): readonly Step[] {
  for (const step of steps) {
    const rest = steps.filter((other) => other !== step)
    if (accepts(rest)) return withoutSuperfluous(rest, accepts)
  }
  return steps
}

/** At the RFC 2317 target if there is one; so that the name is among the first 10, which are all that the gate looks at. */
function reverseSteps({ client, zone }: World, name: string): Step[] {
  const reverse = reverseName(client)
  const { owner, looped } = follow(zone, reverse, 'PTR')
  const step = (action: 'add' | 'remove', type: string, value: string): Step => ({ who: 'address-owner', do: action, name: owner, type, value })
  const present = [...new Set(recordsAt(zone, owner, 'PTR').map(recordName))]
  const place = present.includes(name) ? present.indexOf(name) : present.length
  const excess = place < MAX_PTR_NAMES ? [] : present.slice(MAX_PTR_NAMES - 1, place)
  return [
    ...(looped ? [step('remove', 'CNAME', zone.cnames.get(reverse) ?? '')] : []),
    ...excess.map((value) => step('remove', 'PTR', value)),
    ...(present.includes(name) ? [] : [step('add', 'PTR', name)]),
  ]
}

/** Nothing if the name leads to the client already. */
function addressSteps({ client, zone }: World, name: string): Step[] {
  const type = addressTypes(client).own
  const { owner, looped } = follow(zone, name, type)
  if (!looped && recordsAt(zone, owner, type).includes(client.text)) return []
  const alias = zone.cnames.get(name)
  const step = (action: 'add' | 'remove', recordType: string, value: string): Step => ({ who: 'domain-owner', do: action, name, type: recordType, value })
  return [...(alias === undefined ? [] : [step('remove', 'CNAME', alias)]), step('add', type, client.text)]
}

function greetingSteps({ ehlo }: World, name: string): Step[] {
  if (ehlo !== null && canonicalName(ehlo) === name) return []
  return [{ who: 'server', do: 'set-ehlo', name: ehlo ?? '', type: '', value: name }]
}

/** Two candidates may come down to the same steps, or one to some of the other's; then only the smaller, or the first, is a remedy. */
function irreducible(remedies: readonly Remedy[]): Remedy[] {
  const keys = remedies.map((remedy) => remedy.steps.map((step) => JSON.stringify(step)))
  return remedies.filter((_, mine) => {
    const own = keys[mine] ?? []
    return !keys.some((other, index) =>
      index !== mine && other.every((key) => own.includes(key)) && (other.length < own.length || index < mine))
  })
}
