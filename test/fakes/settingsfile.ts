/** A settings file of one's own in a folder of its own, opened by the real thing; and the whole of it that the console knows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { implement } from '@orpc/server'
import { createAlarms } from '../../electron/alarms.ts'
import { systemClock } from '../../electron/clock.ts'
import { checkInput, saveInput, viewSettings } from '../../electron/console/settings.ts'
import { openSettings } from '../../electron/settings.ts'
import type { SettingsStore } from '../../electron/settings.ts'
import type { Clock, StorePort } from '../../electron/ports.ts'
import { api } from '../../shared/api.ts'

export interface SettingsFile {
  readonly dir: string
  readonly file: string
  readonly alarms: ReturnType<typeof createAlarms>
  readonly settings: SettingsStore
  /** What `electron/console/settings.ts` needs. */
  readonly deps: { readonly settings: SettingsStore; readonly settingsSource: SettingsStore['source']; readonly clock: Clock; readonly store: Pick<StorePort, 'counts'> }
  write(json: unknown): void
  close(): void
}

/** `json` undefined: the file is missing. A text is written as it is. */
export function settingsFile(json?: unknown, options: { readonly named?: boolean; readonly clock?: Clock; readonly name?: string } = {}): SettingsFile {
  const dir = mkdtempSync(join(tmpdir(), 'porch-settings-'))
  const file = join(dir, options.name ?? 'porch.json')
  const write = (content: unknown) => writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  if (json !== undefined) write(json)
  const clock = options.clock ?? systemClock
  const alarms = createAlarms(clock)
  const opened = openSettings({ file, mayBeMissing: options.named !== true, dataDir: dir, clock, alarms })
  if (!opened.ok) {
    rmSync(dir, { recursive: true })
    throw new Error(opened.problems.join('; '))
  }
  const settings = opened.value
  return {
    dir, file, alarms, settings, write,
    deps: { settings, settingsSource: settings.source, clock, store: { counts: () => Promise.resolve({ rejected: 3, 'would-reject': 2 }) } },
    close() {
      settings.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The API's own handlers over it. */
export function settingsRoutes({ deps }: SettingsFile) {
  const { settings } = implement(api)
  return {
    get: settings.get.handler(() => viewSettings(deps)),
    check: settings.check.handler(({ input }) => checkInput(deps, input.input)),
    save: settings.save.handler(({ input }) => saveInput(deps, input.input, input.revision)),
  }
}
