/**
 * Reading and writing the settings file. Reading names the key and what was expected and never touches the file;
 * writing is atomic and keeps every key it was not asked to change.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { hostname as systemHostname } from 'node:os'
import writeFileAtomic from 'write-file-atomic'
import { certificateFiles, exemptNetworks, helpPage, isPractice, listenEndpoints, parseSettings } from '../shared/config.ts'
import type { Parsed, Settings } from '../shared/config.ts'
import { DEFAULT_CANARY } from '../shared/dns/canary.ts'
import { canonicalName, isHostName } from '../shared/net/domain.ts'
import { parseMailDomain } from '../shared/net/parse.ts'
import { withValue } from '../shared/settingsjson.ts'
import type { SettingsJson } from '../shared/settingsjson.ts'
import { systemServers } from './dns/system.ts'
import type { EffectiveSettings } from './ports.ts'

const MAX_FILE_BYTES = 4 * 1024 * 1024

/** The file as it is: its text (null: there is none), and which version that is. */
export type FileText = { readonly ok: true; readonly text: string | null; readonly revision: string } | { readonly ok: false; readonly problem: string }

export function readText(file: string): FileText {
  try {
    const { size } = statSync(file)
    if (size > MAX_FILE_BYTES) return { ok: false, problem: 'larger than 4 MiB; expected a settings file' }
    const text = readFileSync(file, 'utf8')
    return { ok: true, text, revision: createHash('sha256').update(text).digest('base64url') }
  } catch (error) {
    return isCode(error, 'ENOENT') ? { ok: true, text: null, revision: 'none' } : { ok: false, problem: messageOf(error) }
  }
}

/** What a settings file's text holds, unchecked. */
export function readJson(text: string): { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, json: JSON.parse(text.replace(/^\uFEFF/, '')) }
  } catch (error) {
    return { ok: false, problem: `not valid JSON: ${messageOf(error).replace(/\s+/g, ' ')}` }
  }
}

export interface ReadSettings {
  readonly json: SettingsJson
  readonly settings: Settings
}

/** The file's JSON as written and checked; `{}` if it is missing and may be. Problems name the file. */
export function readSettingsFile(file: string, mayBeMissing: boolean): Parsed<ReadSettings> {
  const failed = (problem: string) => ({ ok: false as const, problems: [`${file}: ${problem}`] })
  const read = readText(file)
  if (!read.ok) return failed(read.problem)
  if (read.text === null && !mayBeMissing) return failed('no such settings file')
  const parsed = readJson(read.text ?? '{}')
  if (!parsed.ok) return failed(parsed.problem)
  const checked = parseSettings(parsed.json)
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => `${file}: ${problem}`) }
  return { ok: true, value: { json: parsed.json as SettingsJson, settings: checked.value } }
}

/** Fills in what depends on the machine, and reads `domainsFile`. Paths in the settings are relative to their file. */
export function effective(settings: Settings, file: string): Parsed<EffectiveSettings> {
  const here = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path))
  const more = settings.domainsFile === undefined ? { ok: true as const, value: [] } : readDomains(here(settings.domainsFile))
  if (!more.ok) return { ok: false, problems: more.problems.map((problem) => `${file}: domainsFile: ${problem}`) }
  const hostname = settings.hostname ?? ownHostname()
  const files = certificateFiles(settings)
  return {
    ok: true,
    value: {
      ...settings,
      hostname,
      listen: [...listenEndpoints(settings)],
      domainsFile: settings.domainsFile && here(settings.domainsFile),
      tls: files && { cert: here(files.cert), key: here(files.key) },
      dns: { ...settings.dns, servers: settings.dns.servers ?? systemServers(), canary: settings.dns.canary ?? (isPractice(settings) ? [] : [...DEFAULT_CANARY]) },
      policy: { ...settings.policy, exempt: [...exemptNetworks(settings)] },
      helpPage: helpPage(settings, hostname),
      notices: settings.notices && { ...settings.notices, passwordFile: settings.notices.passwordFile && here(settings.notices.passwordFile) },
      practice: isPractice(settings),
      allDomains: [...new Set([...settings.domains, ...more.value].map(canonicalName))],
    },
  }
}

function readDomains(file: string): Parsed<string[]> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { ok: false, problems: [`${file}: ${isCode(error, 'ENOENT') ? 'no such file' : messageOf(error)}`] }
  }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim())
  const bad = lines.findIndex((line) => line !== '' && parseMailDomain(line) === null)
  if (bad !== -1) return { ok: false, problems: [`${file}: line ${bad + 1}: expected a domain, such as "shop.example" or "*.shop.example"`] }
  return { ok: true, value: lines.filter((line) => line !== '') }
}

function ownHostname(): string {
  const name = systemHostname()
  return isHostName(name) ? name : 'localhost'
}

/** Changes one value of the file (created if missing), atomically; everything else in it stays. Refuses to touch a file it cannot read. */
export async function editSettingsFile(file: string, key: string, value: unknown): Promise<Parsed<Settings>> {
  const read = readSettingsFile(file, true)
  if (!read.ok) return read
  const json = withValue(read.value.json, key, value)
  const parsed = parseSettings(json)
  if (!parsed.ok) return parsed
  const problem = await writeSettingsFile(file, json)
  return problem === null ? parsed : { ok: false, problems: [problem] }
}

/** Atomically: after a crash there is the old file or the new one. A file that is there keeps its owner and mode. Null, or what went wrong. */
export async function writeSettingsFile(file: string, json: SettingsJson): Promise<string | null> {
  try {
    await writeFileAtomic(file, `${JSON.stringify(json, null, 2)}\n`, existsSync(file) ? {} : { mode: 0o600 })
    return null
  } catch (error) {
    return `${file}: cannot be written: ${messageOf(error)}`
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
