/**
 * The settings file as the console shows and edits it. A save is checked as a start would check it, refused if the file
 * is not the one that was looked at, written atomically, and in force (where it can be) before it is acknowledged.
 * Nothing secret is told: passwords are files, and what looks like one that was written into the settings by mistake is masked.
 */
import { accessSync, constants } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PasswordState } from '../../shared/api/password.ts'
import type { SettingsCheck, SettingsSaved, SettingsView } from '../../shared/api/settings.ts'
import { checkSettings, isPractice, settingsSchema, unsafe } from '../../shared/config.ts'
import type { Settings, SettingsProblem } from '../../shared/config.ts'
import { settingChanges, settingFields, settingSections } from '../../shared/settingsform.ts'
import { isObject } from '../../shared/settingsjson.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import { adminMailProblem } from '../notice/adminpost.ts'
import { effective, messageOf, readJson, readText, writeSettingsFile } from '../settingsfile.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'settings' | 'settingsSource'> & Partial<Pick<ConsoleDeps, 'password'>>

const DAY_MS = 86_400_000

export async function viewSettings({ settings, settingsSource: source, store, clock }: Deps & { readonly store: Pick<ConsoleDeps['store'], 'counts'>; readonly clock: ConsoleDeps['clock'] }): Promise<SettingsView> {
  const now = lookAt(source.file)
  const running = source.running()
  const kept = readInput(source.lastGoodFile)
  return {
    file: source.file,
    named: source.named,
    revision: now.revision,
    input: now.input === null ? null : masked(now.input, now.problems),
    problems: now.missing && source.named ? [{ path: '', message: 'there is no such file' }] : now.problems,
    running,
    lastGood: kept === null ? null : { file: source.lastGoodFile, input: kept },
    settings: settings.current(),
    defaults: defaultsFor(now.input ?? running, source.file) ?? settings.current(),
    waiting: source.waiting(),
    // A store in trouble is told elsewhere.
    lastDay: await store.counts(new Date(clock.now() - DAY_MS).toISOString()).catch(() => ({})),
    fields: settingFields(),
    sections: settingSections(),
  }
}

export function checkInput({ settingsSource: source, password }: Deps, input: SettingsJson): SettingsCheck {
  const { problems, value } = checkedFor(input, source.file)
  return {
    problems,
    warnings: value === null ? [] : warningsOf(value, source.file, password?.state() ?? null),
    changes: settingChanges(lookAt(source.file).input ?? source.running(), input),
  }
}

export function saveInput({ settingsSource: source }: Deps, input: SettingsJson, revision: string): Promise<SettingsSaved> {
  return source.alone(async () => {
    const now = lookAt(source.file)
    if (now.unreadable !== null) return refusal(`The settings file cannot be read: ${now.unreadable}`)
    if (now.revision !== revision) return { ...refusal('The settings file was changed meanwhile, by another console, a command or an editor. Nothing was saved.'), changed: true }
    const { problems } = checkedFor(input, source.file)
    if (problems.length > 0) return refusal('These settings cannot be used. Nothing was saved.', problems)
    const before = now.input ?? source.running()
    const changes = settingChanges(before, input)
    const trouble = await writeSettingsFile(source.file, input)
    if (trouble !== null) return refusal(`Nothing was saved. ${trouble}`)
    source.reload()
    // Who sets the mode for good means it, as with `porch mode`.
    if (changes.some(({ key }) => key === 'policy.mode')) source.endTemporaryMode()
    return { ok: true, revision: lookAt(source.file).revision, changes, before }
  })
}

function refusal(problem: string, problems: readonly SettingsProblem[] = []) {
  return { ok: false as const, problem, problems, changed: false }
}

interface Look {
  readonly revision: string
  readonly missing: boolean
  /** Null: no JSON object. */
  readonly input: SettingsJson | null
  readonly problems: readonly SettingsProblem[]
  readonly unreadable: string | null
}

function lookAt(file: string): Look {
  const read = readText(file)
  if (!read.ok) return { revision: 'unreadable', missing: false, input: null, problems: [{ path: '', message: read.problem }], unreadable: read.problem }
  const known = { revision: read.revision, missing: read.text === null, unreadable: null }
  const parsed = readJson(read.text ?? '{}')
  if (!parsed.ok) return { ...known, input: null, problems: [{ path: '', message: parsed.problem }] }
  if (!isObject(parsed.json)) return { ...known, input: null, problems: [{ path: '', message: 'expected an object with settings' }] }
  return { ...known, input: parsed.json, problems: checkedFor(parsed.json, file).problems }
}

function readInput(file: string): SettingsJson | null {
  const read = readText(file)
  const parsed = read.ok && read.text !== null ? readJson(read.text) : null
  return parsed?.ok === true && isObject(parsed.json) ? parsed.json : null
}

/** As at a start: the schema, then the file of domains. */
function checkedFor(input: SettingsJson, file: string): { readonly problems: readonly SettingsProblem[]; readonly value: Settings | null } {
  const checked = checkSettings(input)
  if (!checked.ok) return { problems: checked.problems, value: null }
  const filled = effective(checked.value, file)
  if (filled.ok) return { problems: [], value: checked.value }
  return { problems: filled.problems.map((text) => ({ path: 'domainsFile', message: text.replace(`${file}: domainsFile: `, '') })), value: null }
}

/** With this mail server, or none: which defaults hold hangs on it. */
function defaultsFor(input: SettingsJson, file: string) {
  const { backend } = input
  // Each key by itself: this mail server may only go with the listening addresses that are set.
  const checked = settingsSchema.safeParse(backend === undefined ? {} : { backend })
  const filled = checked.success ? effective(checked.data, file) : null
  return filled?.ok === true ? filled.value : null
}

/** What a gate starts with all the same, but not as the admin means it. */
function warningsOf(settings: Settings, file: string, password: PasswordState | null): SettingsProblem[] {
  const { tls, notices, shop } = settings
  const files = { 'tls.cert': tls?.cert, 'tls.key': tls?.key, 'notices.passwordFile': notices?.passwordFile }
  const warnings = [...unsafe(settings), ...Object.entries(files).flatMap(([path, name]) => (name === undefined ? [] : unreadable(path, resolve(dirname(file), name))))]
  if (notices?.smtp !== undefined && notices.from === undefined) warnings.push({ path: 'notices.from', message: 'no notice can be sent without it' })
  if (notices?.from !== undefined && notices.smtp === undefined) warnings.push({ path: 'notices.smtp', message: 'no notice can be sent without it' })
  if (notices?.user !== undefined && notices.passwordFile === undefined && password?.kept !== true) warnings.push({ path: 'notices.passwordFile', message: `signing in needs a password: set it here${password?.problem == null ? '' : ` (${password.problem})`}` })
  const mail = adminMailProblem({ notices, shop, practice: isPractice(settings) })
  if (mail !== null && (shop.adminEmail !== undefined || notices?.smtp !== undefined)) warnings.push({ path: 'shop.adminEmail', message: mail })
  return warnings
}

function unreadable(path: string, file: string): SettingsProblem[] {
  try {
    accessSync(file, constants.R_OK)
    return []
  } catch (error) {
    return [{ path, message: `cannot be read now: ${messageOf(error)}` }]
  }
}

/** Values at unknown keys that look like a secret are not shown; such a file cannot be used anyway. */
function masked(input: SettingsJson, problems: readonly SettingsProblem[]): SettingsJson {
  const secret = problems.filter(({ path, message }) => message.startsWith('unknown key') && /pass|secret|token|credential|key$/i.test(path)).map(({ path }) => path)
  const hide = (json: SettingsJson, prefix: string): SettingsJson =>
    Object.fromEntries(Object.entries(json).map(([name, value]) => {
      const key = `${prefix}${name}`
      return [name, secret.includes(key) ? '(not shown)' : isObject(value) ? hide(value, `${key}.`) : value]
    }))
  return secret.length === 0 ? input : hide(input, '')
}
