/**
 * The Go live wizard. Its answers are kept by the gate, so that a reload or another browser finds them; its tests run where
 * the gate runs. `apply` writes the settings file (keeping the former one) and starts the gate anew in place.
 */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { SettingsProblem } from '../config.ts'
import type { Finding, GoLiveDraft, TestedStep } from '../golive.ts'
import type { SettingChange } from '../settingsform.ts'
import type { SettingsJson } from '../settingsjson.ts'

/** An address that another MX host of the shop's domains has: mail from it should not be judged again. */
export interface OtherHost {
  readonly host: string
  readonly address: string
}

export interface StepTest {
  readonly findings: readonly Finding[]
  /** Step `domains`: what could be exempt. */
  readonly others: readonly OtherHost[]
  /** The answers that were tested, for the step: a change of them makes the test old. */
  readonly tested: string
}

export interface GoLiveView {
  readonly draft: GoLiveDraft
  /** The last test of each step. */
  readonly tests: Readonly<Partial<Record<TestedStep, StepTest>>>
  readonly revision: string
  readonly file: string
  /** What the answers will be written into. */
  readonly input: SettingsJson
  readonly practice: boolean
  /** The gate can start anew in place; else somebody must restart it. */
  readonly canRestart: boolean
  /** Suggestions: the system's host name, addresses of this machine. */
  readonly here: { readonly hostname: string; readonly addresses: readonly string[] }
}

export type Applied =
  /** `backup`: the former file's copy, null if there was none. `restarting`: the gate starts anew in a moment; else `todo` says what to run. */
  | { readonly ok: true; readonly changes: readonly SettingChange[]; readonly backup: string | null; readonly restarting: boolean; readonly todo: string | null }
  | { readonly ok: false; readonly problem: string; readonly problems: readonly SettingsProblem[]; readonly changed: boolean }

const short = z.string().max(300)
export const draftSchema = z.object({
  backend: short, identity: z.enum(['auto', 'xclient', 'proxy', 'none']), domains: z.string().max(200_000), hostname: short, listen: z.string().max(4000),
  exempt: z.array(z.string().max(100)).max(200), name: short, phone: short, rate: short, url: z.string().max(1000), adminEmail: short,
  rules: z.enum(['house', 'standard', 'lenient']),
}) satisfies z.ZodType<GoLiveDraft>

export const goLiveApi = {
  get: oc.output(type<GoLiveView>()),
  /** Keeps the answers. */
  keep: oc.input(z.object({ draft: draftSchema })).output(type<{ readonly ok: true }>()),
  test: oc.input(z.object({ step: z.enum(['server', 'name', 'domains', 'listen']), draft: draftSchema })).output(type<StepTest>()),
  apply: oc.input(z.object({ draft: draftSchema, revision: z.string().max(64) })).output(type<Applied>()),
  /** The live gate from outside, as it is now: listens, greets, passes no foreign mail on. */
  check: oc.output(type<{ readonly findings: readonly Finding[] }>()),
  /** Applies what waits for the next start; also for the Settings page. */
  restart: oc.output(type<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>()),
}
