/**
 * Reading and writing the settings file. Reading names the key and what was expected and never touches the file;
 * writing is atomic and keeps every key it was not asked to change.
 */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { hostname as systemHostname } from 'node:os'
import writeFileAtomic from 'write-file-atomic'
import { exemptNetworks, isPractice, listenEndpoints, parseSettings } from '../shared/config.ts'
import type { Parsed, Settings } from '../shared/config.ts'
import { DEFAULT_CANARY } from '../shared/dns/canary.ts'
import { canonicalName, isHostName } from '../shared/net/domain.ts'
import { parseMailDomain } from '../shared/net/parse.ts'
import { systemServers } from './dns/system.ts'
import type { EffectiveSettings } from './ports.ts'

const MAX_FILE_BYTES = 4 * 1024 * 1024

/** The file's JSON; `{}` if it is missing and may be. Problems name the file. */
export function readSettingsFile(file: string, mayBeMissing: boolean): Parsed<{ readonly text: string; readonly settings: Settings }> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (mayBeMissing && isCode(error, 'ENOENT')) text = '{}'
    else return { ok: false, problems: [`${file}: ${isCode(error, 'ENOENT') ? 'no such settings file' : messageOf(error)}`] }
  }
  if (text.length > MAX_FILE_BYTES) return { ok: false, problems: [`${file}: larger than 4 MiB; expected a settings file`] }
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { ok: false, problems: [`${file}: not valid JSON: ${messageOf(error).replace(/\s+/g, ' ')}`] }
  }
  const parsed = parseSettings(json)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map((problem) => `${file}: ${problem}`) }
  return { ok: true, value: { text, settings: parsed.value } }
}

/** Fills in what depends on the machine, and reads `domainsFile`. Paths in the settings are relative to their file. */
export function effective(settings: Settings, file: string): Parsed<EffectiveSettings> {
  const here = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path))
  const more = settings.domainsFile === undefined ? { ok: true as const, value: [] } : readDomains(here(settings.domainsFile))
  if (!more.ok) return { ok: false, problems: more.problems.map((problem) => `${file}: domainsFile: ${problem}`) }
  return {
    ok: true,
    value: {
      ...settings,
      hostname: settings.hostname ?? ownHostname(),
      listen: [...listenEndpoints(settings)],
      domainsFile: settings.domainsFile && here(settings.domainsFile),
      notices: settings.notices && { ...settings.notices, passwordFile: settings.notices.passwordFile && here(settings.notices.passwordFile) },
      tls: settings.tls && { cert: here(settings.tls.cert), key: here(settings.tls.key) },
      dns: { ...settings.dns, servers: settings.dns.servers ?? systemServers(), canary: settings.dns.canary ?? (isPractice(settings) ? [] : [...DEFAULT_CANARY]) },
      policy: { ...settings.policy, exempt: [...exemptNetworks(settings)] },
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
export async function editSettingsFile(file: string, path: readonly string[], value: unknown): Promise<Parsed<Settings>> {
  const read = readSettingsFile(file, true)
  if (!read.ok) return read
  const json = JSON.parse(read.value.text.replace(/^\uFEFF/, '')) as Record<string, unknown>
  let at = json
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
  at[path.at(-1) ?? ''] = value
  const parsed = parseSettings(json)
  if (!parsed.ok) return parsed
  try {
    await writeFileAtomic(file, `${JSON.stringify(json, null, 2)}\n`, { mode: 0o600 })
  } catch (error) {
    return { ok: false, problems: [`${file}: cannot be written: ${messageOf(error)}`] }
  }
  return parsed
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
