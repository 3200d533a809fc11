/**
 * Sends what is queued, one notice at a time. A notice is written down as leaving before its first octet leaves; whatever happens after
 * that, it is not sent a second time (outbox.ts). Trouble is an alarm until something goes through.
 */
import { taggedAddress } from '../../shared/notice/tag.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { AlarmsPort, Clock, EffectiveSettings } from '../ports.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import type { Outbox } from './outbox.ts'
import { submit } from './submit.ts'
import type { Submitted } from './submit.ts'

const LOOK_MS = 30_000

export interface Mailer {
  /** Sends what is due now; settles when each has been tried. Never rejects. */
  run(): Promise<void>
  /** Waits for one under way. */
  close(): Promise<void>
}

export interface MailerDeps {
  readonly outbox: Outbox
  readonly settings: () => EffectiveSettings
  readonly clock: Clock
  readonly alarms: AlarmsPort
  readonly onError: (error: unknown) => void
}

/** Why notices cannot be sent at all under these settings, one sentence; null if they can. */
export function sendingProblem({ notices, practice }: Pick<EffectiveSettings, 'notices' | 'practice'>): string | null {
  if (notices === undefined) return 'notices are off: there is no "notices" section in the settings'
  if (notices.smtp === undefined) return 'notices cannot be sent: notices.smtp, the submission server, is not set'
  if (notices.from === undefined) return 'notices cannot be sent: notices.from is not set'
  if (practice && parseEndpoint(notices.smtp, { names: true })?.loopback !== true) return 'notices are not sent in practice mode: nothing leaves this machine'
  return null
}

/** The settings that are missing for notices to be sent. */
export function missingSettings({ notices }: Pick<EffectiveSettings, 'notices'>): readonly string[] {
  return [...(notices?.smtp === undefined ? ['notices.smtp'] : []), ...(notices?.from === undefined ? ['notices.from'] : [])]
}

export function createMailer(deps: MailerDeps): Mailer {
  const { outbox, clock, alarms } = deps
  let running: Promise<void> | null = null
  let again = false
  let closed = false

  const due = () => outbox.list().filter(({ state, nextTryAt }) => state === 'queued' && nextTryAt !== null && nextTryAt <= clock.now()).sort((a, b) => (a.nextTryAt ?? 0) - (b.nextTryAt ?? 0))
  const runAll = async () => {
    do {
      again = false
      for (const notice of due()) {
        if (closed) return
        await sendOne(notice)
      }
    } while (again)
  }
  const sendOne = async (notice: Notice) => {
    const settings = deps.settings()
    const message = await outbox.message(notice.id)
    const problem = sendingProblem(settings) ?? (message === null || message === '' ? 'its bytes are gone' : null)
    const outcome: Submitted = problem === null ? await handOver(notice, message ?? '', settings) : { kind: 'refused', permanent: false, reply: problem }
    const after = await outbox.apply(notice.id, outcome)
    // Taken back meanwhile: no trouble.
    if (after?.state !== 'cancelled' && after?.state !== 'draft') tell(outcome, notice)
  }
  const handOver = (notice: Notice, message: string, { notices, hostname }: EffectiveSettings) => submit({
    smtp: notices?.smtp ?? '', user: notices?.user, passwordFile: notices?.passwordFile, hostname, to: notice.to, message,
    reversePath: taggedAddress('bounce', notice.id, notice.from.slice(notice.from.lastIndexOf('@') + 1)),
    async beforeData() {
      // Taken back and written anew while the server was slow: these are no longer its bytes.
      if ((await outbox.message(notice.id)) !== message) throw new Error('it was changed')
      const now = await outbox.apply(notice.id, { kind: 'hand-over' })
      if (now?.state !== 'sending') throw new Error('it was taken back')
    },
  })
  const tell = (outcome: Submitted, { to }: Notice) => {
    switch (outcome.kind) {
      case 'accepted': return alarms.clear('notice-sending')
      case 'refused': return alarms.raise('notice-sending', 'warning', outcome.permanent ? `The notice to ${to} was refused for good: ${outcome.reply}` : `The notice to ${to} could not be sent yet: ${outcome.reply}`)
      case 'lost': return alarms.raise('notice-sending', 'warning', `Whether the notice to ${to} was sent is not known (${outcome.why}); it is not sent again.`)
    }
  }
  const run = (): Promise<void> => {
    again = true
    running ??= runAll().catch(deps.onError).finally(() => {
      running = null
    })
    return running
  }
  const timer = setInterval(() => {
    if (due().length > 0) void run()
  }, LOOK_MS)
  timer.unref()

  return {
    run,
    async close() {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}
