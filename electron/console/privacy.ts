/** What is kept and for how long; and a person's mail address that is to be forgotten, in the store and in what the gate has in memory. */
import type { Forgotten, ForgetEvent, Kept } from '../../shared/api/reports.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import type { Forgettable } from '../../shared/net/forget.ts'
import type { Outbox } from '../notice/outbox.ts'
import type { RulesPort, SettingsPort, StorePort } from '../ports.ts'
import { withProgress } from './progress.ts'

const REPORT_YEARS = 5

export interface PrivacyDeps {
  readonly store: Pick<StorePort, 'forget' | 'sizes'>
  readonly rules: Pick<RulesPort, 'list' | 'restore'>
  readonly outbox: Pick<Outbox, 'forget'>
}

export async function keptOf({ store, settings }: { readonly store: Pick<StorePort, 'sizes'>; readonly settings: Pick<SettingsPort, 'current'> }): Promise<Kept> {
  const { bytes, logBytes, ...sizes } = await store.sizes()
  return { ...sizes, bytes: bytes + logBytes, retentionDays: settings.current().retentionDays, reportYears: REPORT_YEARS }
}

/** Not to be given up half-way. Rejects if the store cannot be written; then it may be done again. */
export async function forgetPerson(deps: PrivacyDeps, person: Forgettable, onProgress: (done: number, total: number) => void = () => undefined): Promise<Forgotten> {
  // What is in memory goes first: it would be written again with the next change.
  const notices = new Set(await deps.outbox.forget(person))
  const rules = new Set<string>()
  for (const rule of deps.rules.list().filter(({ reason }) => person.isIn(reason))) {
    await deps.rules.restore({ ...rule, reason: person.without(rule.reason) })
    rules.add(`${rule.kind} ${rule.scope}`)
  }
  const found = await deps.store.forget(person.address, onProgress)
  return {
    address: person.address, sessions: found.sessions, values: found.values,
    notices: new Set([...notices, ...found.notices]).size, rules: new Set([...rules, ...found.rules]).size,
  }
}

export async function* streamForgetting(deps: PrivacyDeps, address: string, signal: AbortSignal): AsyncGenerator<ForgetEvent, void, void> {
  const person = readForgettable(address)
  if (!person.ok) {
    yield { kind: 'refused', problem: person.problem }
    return
  }
  for await (const event of withProgress((onProgress) => forgetPerson(deps, person, onProgress), signal)) {
    yield event.kind === 'progress' ? event : { kind: 'result', forgotten: event.value }
  }
}
