/**
 * Sends what is queued, notices and letters to the admin alike, one at a time. A message is written down as leaving before its first octet
 * leaves; whatever happens after that, it is not sent a second time (outbox.ts, letter.ts).
 */
import type { OutboxEvent } from '../../shared/notice/outbox.ts'
import type { Clock, EffectiveSettings } from '../ports.ts'
import { REMOVED_MESSAGE } from '../forgotten.ts'
import { single } from '../single.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import type { PasswordRead } from './password.ts'
import { submit } from './submit.ts'
import type { Submitted } from './submit.ts'

const LOOK_MS = 30_000

/** What is handed over. Times ms since 1970. */
export interface Post {
  readonly id: string
  readonly state: string
  readonly nextTryAt: number | null
  readonly to: string
}

export interface PostQueue<T extends Post> {
  list(): readonly T[]
  /** The bytes that are (or were) sent. */
  message(id: string): Promise<string | null>
  /** Once it is on disk. Rejects if it cannot be kept. */
  apply(id: string, event: OutboxEvent): Promise<T | null>
}

export interface Mailer {
  /** Sends what is due now; settles when each has been tried. Never rejects. */
  run(): Promise<void>
  /** Waits for one under way. */
  close(): Promise<void>
}

export interface MailerDeps<T extends Post> {
  readonly queue: PostQueue<T>
  readonly reversePath: (post: T) => string
  /** What became of a try, once that is kept. */
  readonly tell: (outcome: Submitted, post: T) => void
  readonly password: () => PasswordRead
  readonly settings: () => EffectiveSettings
  readonly clock: Clock
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

/** The settings without which no notice is sent. */
export function missingSettings({ notices }: Pick<EffectiveSettings, 'notices'>): readonly string[] {
  return [...(notices?.smtp === undefined ? ['notices.smtp'] : []), ...(notices?.from === undefined ? ['notices.from'] : [])]
}

export function createMailer<T extends Post>(deps: MailerDeps<T>): Mailer {
  const { queue, clock } = deps
  let again = false
  let closed = false

  const due = () => queue.list().filter(({ state, nextTryAt }) => state === 'queued' && nextTryAt !== null && nextTryAt <= clock.now()).sort((a, b) => (a.nextTryAt ?? 0) - (b.nextTryAt ?? 0))
  const runAll = async () => {
    do {
      again = false
      for (const post of due()) {
        if (closed) return
        await sendOne(post)
      }
    } while (again)
  }
  const sendOne = async (post: T) => {
    const settings = deps.settings()
    const message = await queue.message(post.id)
    const forgotten = message === REMOVED_MESSAGE
    const problem = sendingProblem(settings) ?? (forgotten ? 'its text named somebody who was to be forgotten' : message === null || message === '' ? 'its bytes are gone' : null)
    const outcome: Submitted = problem === null ? await handOver(post, message ?? '', settings) : { kind: 'refused', permanent: forgotten, reply: problem }
    const after = await queue.apply(post.id, outcome)
    // Taken back meanwhile: no trouble.
    if (after?.state !== 'cancelled' && after?.state !== 'draft') deps.tell(outcome, post)
  }
  const handOver = (post: T, message: string, { notices, hostname }: EffectiveSettings) => submit({
    smtp: notices?.smtp ?? '', user: notices?.user, password: deps.password, hostname, to: post.to, message, reversePath: deps.reversePath(post),
    async beforeData() {
      // Taken back and written anew while the server was slow: these are its bytes no more.
      if ((await queue.message(post.id)) !== message) throw new Error('it was changed')
      const now = await queue.apply(post.id, { kind: 'hand-over' })
      if (now?.state !== 'sending') throw new Error('it was taken back')
    },
  })
  const round = single(() => runAll().catch(deps.onError))
  const run = (): Promise<void> => {
    again = true
    return round.run()
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
      await round.idle()
    },
  }
}
