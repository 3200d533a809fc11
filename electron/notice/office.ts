/** All of the notices' parts, put together and set going: what was queued when the program ended is sent, what is due is looked at. */
import type { AlarmsPort, Clock, EffectiveSettings, RdapPort, ResolverPort, StorePort } from '../ports.ts'
import type { DeskDeps } from './desk.ts'
import { createMailer } from './mailer.ts'
import type { Mailer } from './mailer.ts'
import { createOutbox } from './outbox.ts'
import { createTemplates } from './templates.ts'
import { createWatch } from './watch.ts'
import type { Watch, WatchDeps } from './watch.ts'

export interface Office {
  readonly desk: DeskDeps
  readonly mailer: Mailer
  readonly watch: Watch
  close(): Promise<void>
}

export interface OfficeDeps {
  readonly dataDir: string | null
  readonly store: StorePort
  readonly settings: () => EffectiveSettings
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly rdap: RdapPort
  readonly clock: Clock
  readonly alarms: AlarmsPort
  readonly recheck: WatchDeps['recheck']
  readonly onError: (error: unknown) => void
}

/** Never rejects. */
export async function createOffice(deps: OfficeDeps): Promise<Office> {
  const outbox = await createOutbox(deps)
  const mailer = createMailer({ ...deps, outbox })
  const watch = createWatch({ ...deps, outbox })
  return {
    desk: { ...deps, outbox, mailer, templates: createTemplates(deps.store) },
    mailer,
    watch,
    async close() {
      await mailer.close()
      await watch.close()
      await outbox.close()
    },
  }
}
