/** All of the notices' parts, put together and set going: what was queued when the program ended is sent, what is due is looked at. */
import type { AlarmsPort, Clock, EffectiveSettings, RdapPort, ResolverPort, StorePort } from '../ports.ts'
import { taggedAddress } from '../../shared/notice/tag.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { DeskDeps } from './desk.ts'
import { createMailer } from './mailer.ts'
import type { Mailer } from './mailer.ts'
import { createOutbox } from './outbox.ts'
import type { PasswordRead } from './password.ts'
import type { Submitted } from './submit.ts'
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
  readonly password: () => PasswordRead
  readonly onError: (error: unknown) => void
}

/** Never rejects. */
export async function createOffice(deps: OfficeDeps): Promise<Office> {
  const outbox = await createOutbox(deps)
  const mailer = createMailer<Notice>({ ...deps, queue: outbox, reversePath: ({ id, from }) => taggedAddress('bounce', id, from.slice(from.lastIndexOf('@') + 1)), tell: (outcome, { to }) => tell(deps.alarms, outcome, to) })
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

/** Trouble is an alarm until something goes through. */
function tell(alarms: AlarmsPort, outcome: Submitted, to: string): void {
  switch (outcome.kind) {
    case 'accepted': return alarms.clear('notice-sending')
    case 'refused': return alarms.raise('notice-sending', 'warning', outcome.permanent ? `The notice to ${to} was refused for good: ${outcome.reply}` : `The notice to ${to} could not be sent yet: ${outcome.reply}`)
    case 'lost': return alarms.raise('notice-sending', 'warning', `Whether the notice to ${to} was sent is not known (${outcome.why}); it is not sent again.`)
  }
}
