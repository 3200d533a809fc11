/**
 * Mail to the shop's admin (`shop.adminEmail`): red alarms, and the digest each morning. Handed over by the notices' own mailer, so never
 * twice and ever more patiently; what fails here is an alarm of the console and never itself mailed. Nothing is sent while the settings
 * do not name a submission server, a sender and an admin; in practice mode only to a submission server on this machine.
 */
import { randomBytes } from 'node:crypto'
import type { Proposals } from '../../shared/api/notices.ts'
import type { OffsetMinutes } from '../../shared/calendar.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import { alarmText, digestText } from '../../shared/notice/digest.ts'
import type { LetterText } from '../../shared/notice/digest.ts'
import { digestDue, lastMorning } from '../../shared/notice/letter.ts'
import type { DigestTime, Letter } from '../../shared/notice/letter.ts'
import { afterClear, afterMail, afterRaise, alarmNews, toldBefore } from '../../shared/notice/redalarms.ts'
import type { AlarmNews, LatelyMailed } from '../../shared/notice/redalarms.ts'
import type { AlarmsFeed, Clock, EffectiveSettings, RulesPort, StorePort } from '../ports.ts'
import { single } from '../single.ts'
import { openLetters } from './letters.ts'
import type { LettersDeps } from './letters.ts'
import { createMailer, sendingProblem } from './mailer.ts'
import { composeMessage } from './message.ts'
import type { Outbox } from './outbox.ts'
import type { PasswordRead } from './password.ts'
import type { Submitted } from './submit.ts'
import { openTroubles } from './troubles.ts'

export interface AdminPost {
  /** Writes what is due and sends what is queued; settles when each was tried. Never rejects. */
  run(): Promise<void>
  close(): Promise<void>
}

export interface AdminPostDeps {
  readonly store: LettersDeps['store'] & Pick<StorePort, 'get' | 'put' | 'survey'>
  readonly settings: () => EffectiveSettings
  readonly alarms: AlarmsFeed
  readonly clock: Clock
  readonly offset: OffsetMinutes
  readonly outbox: Pick<Outbox, 'list'>
  readonly rules: Pick<RulesPort, 'list'>
  /** Who is worth a notice. */
  readonly proposals: () => Promise<Proposals>
  readonly password: () => PasswordRead
  /** How long the store is waited for, ms (tests). */
  readonly patientMs?: number
}

const LOOK_MS = 15_000
/** A digest that could not be put together (the store is away) is tried again after a while. */
const DIGEST_RETRY_MS = 300_000

/** Why the admin gets no mail under these settings, one sentence without its full stop; null if there is mail. */
export function adminMailProblem(settings: Pick<EffectiveSettings, 'notices' | 'practice' | 'shop'>): string | null {
  if (settings.shop.adminEmail === undefined) return 'red alarms and the daily digest are not mailed: shop.adminEmail is not set'
  const sending = sendingProblem(settings)
  return sending === null ? null : `red alarms and the daily digest are not mailed: ${sending}`
}

/** Never rejects. */
export async function createAdminPost(deps: AdminPostDeps): Promise<AdminPost> {
  const { clock, alarms, offset } = deps
  const letters = await openLetters(deps)
  const troubles = await openTroubles(deps)
  const failed = (error: unknown) => tell(alarms, { kind: 'refused', permanent: false, reply: error instanceof Error ? error.message : 'it failed' }, null)
  const mailer = createMailer<Letter>({ ...deps, queue: letters, reversePath: ({ from }) => from, tell: (outcome, { to }) => tell(alarms, outcome, to), onError: failed })
  let red = toldBefore(letters.list().filter(({ kind }) => kind === 'alarms').sort((a, b) => a.createdAt - b.createdAt), clock.monotonic())
  /** When letters of this run were written, monotonic: the wall clock may be set meanwhile. */
  const writtenAt = new Map<string, number>()
  let digestAfter = 0
  let closed = false

  for (const alarm of alarms.list()) red = afterRaise(red, alarm, clock.monotonic())
  const stopListening = alarms.onChange((raised, cleared) => {
    if (raised !== null) red = afterRaise(red, raised, clock.monotonic())
    if (cleared !== null) red = afterClear(red, cleared, clock.monotonic())
  })

  const mailed = (): LatelyMailed => letters.list().filter(({ kind }) => kind === 'alarms').map(({ id, createdAt, over }) => {
    const written = writtenAt.get(id)
    const age = written === undefined ? clock.now() - createdAt : clock.monotonic() - written
    // From the future: under a clock that was wrong, nobody knows when.
    return { age: age < 0 ? Number.POSITIVE_INFINITY : age, over: over.map(({ code }) => code) }
  })
  const lookAtAlarms = async () => {
    const settings = deps.settings()
    const news = adminMailProblem(settings) === null ? alarmNews(red, mailed(), clock.monotonic()) : null
    if (news !== null) await writeAlarms(news, settings)
    // What came or went while that was written is not lost: only the codes that were told change.
    red = afterMail(red, news, clock.monotonic())
  }
  const writeAlarms = async (news: AlarmNews, settings: EffectiveSettings) => {
    const now = clock.now()
    const id = `alarms-${now.toString(36)}-${randomBytes(4).toString('hex')}`
    const told = (each: AlarmNews['begun']) => each.map(({ code, text, since }) => ({ code, text, since }))
    const letter = { ...blank(settings, id, 'alarms', now), begun: told(news.begun), over: told(news.over) }
    writtenAt.set(id, clock.monotonic())
    // A trouble that is over before its beginning could be told (the mail server itself was down) is one letter, not two in the wrong order.
    const over = new Set(letter.over.map(({ code }) => code))
    const late = letters.list().filter(({ kind, state, begun, over: before }) => kind === 'alarms' && state === 'queued' && before.length === 0 && begun.every(({ code }) => over.has(code)))
    for (const each of late) await letters.apply(each.id, { kind: 'cancel' }).catch(() => undefined)
    await letters.put(letter, await bytesOf(letter, alarmText(news, { hostname: settings.hostname, now, offset, link: linkOf(settings) }), settings), 'if need be')
  }

  const lookAtDigest = async () => {
    if (clock.monotonic() < digestAfter) return
    const now = clock.now()
    const due = digestDue(letters.list().filter(({ kind }) => kind === 'digest'), now, offset)
    if (due === null) return
    try {
      if (due === 'first') {
        const { day, at } = lastMorning(now, offset)
        return await writeDigest({ day, from: at, until: at }, null)
      }
      await writeDigest(due, adminMailProblem(deps.settings()) === null ? await factsText(due) : null)
    } catch {
      // Without the store there is nothing to tell from; its own alarm says so.
      digestAfter = clock.monotonic() + DIGEST_RETRY_MS
    }
  }
  const factsText = async ({ from, until }: DigestTime): Promise<LetterText | null> => {
    const settings = deps.settings()
    const { counts } = await deps.store.survey({ from, until, refusedOnly: false })
    const within = (iso: string) => Date.parse(iso) >= from && Date.parse(iso) < until
    return digestText({
      hostname: settings.hostname, from, until, counts, due: (await deps.proposals()).due, notices: deps.outbox.list(), troubles: troubles.between(from, until), link: linkOf(settings), offset,
      bans: deps.rules.list().filter(({ kind, by, since }) => kind === 'ban' && by === 'auto' && within(since)).map(({ scope, reason, until: end }) => ({ scope, reason, until: end === null ? null : Date.parse(end) })),
    })
  }
  const writeDigest = async ({ day, until }: DigestTime, text: LetterText | null) => {
    const settings = deps.settings()
    const queued = blank(settings, `digest-${day}`, 'digest', clock.now())
    const letter: Letter = { ...queued, day, until, ...(text === null ? { state: 'none', queuedAt: null, nextTryAt: null } : {}) }
    await letters.put(letter, text === null ? '' : await bytesOf(letter, text, settings), 'never')
  }

  const runAll = async () => {
    await lookAtAlarms()
    await lookAtDigest()
    if (!closed) await mailer.run()
  }
  const round = single(() => runAll().catch(failed))
  const timer = setInterval(() => void round.run(), LOOK_MS)
  timer.unref()

  return {
    run: round.run,
    async close() {
      closed = true
      clearInterval(timer)
      stopListening()
      await round.idle()
      await mailer.close()
      troubles.close()
      await letters.close()
    },
  }
}

function blank({ notices, shop }: EffectiveSettings, id: string, kind: Letter['kind'], now: number): Letter {
  return { id, kind, state: 'queued', from: notices?.from ?? '', to: shop.adminEmail ?? '', createdAt: now, queuedAt: now, tries: 0, nextTryAt: now, last: null, day: null, until: null, begun: [], over: [] }
}

async function bytesOf({ id, from, to, createdAt }: Letter, { subject, body }: LetterText, { hostname }: EffectiveSettings): Promise<string> {
  return (await composeMessage({ tag: id, answers: 'sender', from, fromName: `Porch on ${hostname}`, to, subject, body, date: createdAt })).toString('latin1')
}

/** Of the console, if another machine can reach it by it; never with its token. */
function linkOf({ console: address }: EffectiveSettings): string | null {
  const endpoint = parseEndpoint(address)
  return endpoint === null || endpoint.loopback || endpoint.host === '0.0.0.0' || endpoint.host === '::' ? null : `http://${address}/`
}

/** A warning, and so never mailed itself. */
function tell(alarms: Pick<AlarmsFeed, 'raise' | 'clear'>, outcome: Submitted, to: string | null): void {
  const mail = to === null ? 'Mail to the admin' : `Mail to ${to}`
  switch (outcome.kind) {
    case 'accepted': return alarms.clear('admin-mail')
    case 'refused': return alarms.raise('admin-mail', 'warning', outcome.permanent ? `${mail} was refused for good: ${outcome.reply}` : `${mail} could not be sent yet: ${outcome.reply}`)
    case 'lost': return alarms.raise('admin-mail', 'warning', `Whether mail to ${to ?? 'the admin'} was sent is not known (${outcome.why}); it is not sent again.`)
  }
}
