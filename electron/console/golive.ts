/**
 * The Go live wizard's server: keeps its answers, runs its tests, and applies them: the former file is copied, the new one
 * written as the Settings page would write it, and the gate started anew in place where it can be.
 */
import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { hostname as systemHostname } from 'node:os'
import { z } from 'zod'
import { draftSchema } from '../../shared/api/golive.ts'
import type { Applied, GoLiveView, StepTest } from '../../shared/api/golive.ts'
import { draftFrom, listed, liveInput, testedKey } from '../../shared/golive.ts'
import type { Finding, GoLiveDraft, TestedStep } from '../../shared/golive.ts'
import { isHostName } from '../../shared/net/domain.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import { valueAt } from '../../shared/settingsjson.ts'
import { testDomains } from '../golive/domains.ts'
import { checkGate } from '../golive/gatecheck.ts'
import { ownAddresses } from '../golive/here.ts'
import { testListen } from '../golive/listen.ts'
import { testName } from '../golive/name.ts'
import { testServer } from '../golive/server.ts'
import { messageOf } from '../settingsfile.ts'
import type { ConsoleDeps } from './deps.ts'
import { saveInput, viewSettings } from './settings.ts'

type Deps = Pick<ConsoleDeps, 'store' | 'settings' | 'settingsSource' | 'gate' | 'gather' | 'resolver' | 'clock' | 'relaunch' | 'openLink' | 'onError'>

const KEY = 'golive'
/** So that the answer is out before its connection is cut. */
const RESTART_AFTER_MS = 150

type Tests = Partial<Record<TestedStep, StepTest>>
/** What was kept by another version may be of another shape: then the wizard begins anew. */
const keptSchema = z.object({ draft: draftSchema, tests: z.custom<Tests>((value) => typeof value === 'object' && value !== null) })

export function createGoLive(deps: Deps) {
  const kept = async (): Promise<{ readonly draft: GoLiveDraft; readonly tests: Tests } | null> => {
    const parsed = keptSchema.safeParse(await deps.store.get(KEY).catch(() => null))
    return parsed.success ? parsed.data : null
  }
  let writing: Promise<unknown> = Promise.resolve()
  /** One after the other; an answer that cannot be kept (a full disk) is no reason to stop the wizard. */
  const keep = (change: (known: { readonly draft: GoLiveDraft; readonly tests: Tests } | null) => { draft: GoLiveDraft; tests: Tests } | null) => {
    const work = writing.then(async () => deps.store.put(KEY, change(await kept()))).catch(deps.onError)
    writing = work
    return work
  }

  const view = async (): Promise<GoLiveView> => {
    const { input, running, revision, file } = await viewSettings(deps)
    const known = await kept()
    return {
      draft: known?.draft ?? suggested(draftFrom(input ?? running)),
      tests: known?.tests ?? {},
      revision, file, input: input ?? running,
      practice: deps.settings.current().practice,
      canRestart: deps.relaunch !== null,
      here: { hostname: systemHostname(), addresses: ownAddresses() },
    }
  }

  const test = async (step: TestedStep, draft: GoLiveDraft): Promise<StepTest> => {
    const result = { ...(await testStep(deps, step, draft)), tested: testedKey(step, draft) }
    await keep((known) => ({ draft, tests: { ...known?.tests, [step]: result } }))
    return result
  }

  const apply = async (draft: GoLiveDraft, revision: string): Promise<Applied> => {
    const { input, running } = await viewSettings(deps)
    const missing = whatIsMissing(draft, valueAt(input ?? running, 'domainsFile') !== undefined)
    if (missing !== null) return { ok: false, problem: missing, problems: [], changed: false }
    const { file } = deps.settingsSource
    const backup = existsSync(file) ? `${file}.before-live-${stamp(deps.clock.now())}` : null
    if (backup !== null) {
      const trouble = await copyFile(file, backup).then(() => null, messageOf)
      if (trouble !== null) return { ok: false, problem: `The present settings file could not be copied, so nothing was changed: ${trouble}`, problems: [], changed: false }
    }
    const saved = await saveInput(deps, liveInput(input ?? running, draft), revision)
    if (!saved.ok) return { ok: false, problem: saved.problem, problems: saved.problems, changed: saved.changed }
    await keep(() => null)
    const waits = deps.settingsSource.waiting().length > 0
    if (waits && deps.relaunch !== null) restartSoon(deps.relaunch, { file, backup })
    return { ok: true, changes: saved.changes, backup, restarting: waits && deps.relaunch !== null, todo: waits && deps.relaunch === null ? RESTART_BY_HAND : null }
  }

  return {
    view,
    keep: async (draft: GoLiveDraft) => {
      await keep((known) => ({ draft, tests: known?.tests ?? {} }))
      return { ok: true as const }
    },
    test,
    apply,
    check: async (): Promise<{ readonly findings: readonly Finding[] }> => ({ findings: await checkGate(deps.openLink, deps.gate.addresses, deps.settings.current().allDomains) }),
    restart() {
      if (deps.relaunch === null) return { ok: false as const, problem: `This gate cannot start anew by itself. ${RESTART_BY_HAND}` }
      restartSoon(deps.relaunch, null)
      return { ok: true as const }
    },
  }
}

const RESTART_BY_HAND = 'Stop Porch and start it again (as a service: systemctl restart porch); the new settings hold from then on.'

/** `former`: what is put back if the gate does not start with the new ones. */
function restartSoon(relaunch: NonNullable<Deps['relaunch']>, former: { readonly file: string; readonly backup: string | null } | null): void {
  setTimeout(() => relaunch(former), RESTART_AFTER_MS).unref()
}

async function testStep(deps: Deps, step: TestedStep, draft: GoLiveDraft): Promise<Omit<StepTest, 'tested'>> {
  const addresses = ownAddresses()
  const plain = async (work: Promise<readonly Finding[]>) => ({ findings: await work, others: [] })
  switch (step) {
    case 'server':
      return plain(testServer(deps.openLink, { backend: draft.backend.trim(), identity: draft.identity, hostname: draft.hostname.trim(), gate: [...deps.gate.addresses, ...listed(draft.listen)], domains: listed(draft.domains) }))
    case 'name':
      return plain(testName({ ...deps, addresses }, draft.hostname))
    case 'domains': {
      const tested = await testDomains({ ...deps, addresses }, listed(draft.domains), draft.hostname.trim())
      // Once the domains are known, the mail server is asked whether it takes their mail.
      const taken = parseEndpoint(draft.backend.trim(), { names: true }) === null ? [] : await testServer(deps.openLink, { backend: draft.backend.trim(), identity: draft.identity, hostname: draft.hostname.trim(), gate: deps.gate.addresses, domains: listed(draft.domains) })
      return { findings: [...tested.findings, ...taken.filter(({ id }) => id === 'recipients')], others: tested.others }
    }
    case 'listen':
      return plain(testListen({ gate: deps.gate.addresses, addresses }, listed(draft.listen)))
  }
}

function whatIsMissing(draft: GoLiveDraft, hasDomainsFile: boolean): string | null {
  if (draft.backend.trim() === '') return 'No mail server is named. Without one the gate stays in practice mode.'
  if (listed(draft.domains).length === 0 && !hasDomainsFile) return 'No served domain is named: the gate would refuse every recipient.'
  if (listed(draft.listen).length === 0) return 'No listening address is given.'
  return null
}

/** The system's name, where it is a whole one. */
function suggested(draft: GoLiveDraft): GoLiveDraft {
  const name = systemHostname().toLowerCase()
  return draft.hostname === '' && isHostName(name) && name.includes('.') ? { ...draft, hostname: name } : draft
}

/** "20261125T153000Z" */
function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
}
