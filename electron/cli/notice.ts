/** `porch notice`: the whole message on stdout, what is done with it on stderr (CONTRACT). */
import type { NoticePreview, NoticeRefusal } from '../../shared/api/notices.ts'
import { asciiText, visibleText } from '../../shared/net/safetext.ts'
import { sourceText, typedContact } from '../../shared/notice/contacts.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { withOperations } from './operations.ts'
import { write, writeLine } from './output.ts'

export interface NoticeFlags extends CommonFlags {
  readonly to?: string
  readonly send?: boolean
}

const MAX_SUBJECT = 100
const MAX_TO = 300

export async function notice(subject: string, flags: NoticeFlags): Promise<number> {
  if (subject.trim() === '' || subject.length > MAX_SUBJECT) throw new Failure('expected a session’s id or an address', 1)
  if ((flags.to ?? '').length > MAX_TO) throw new Failure(`--to: expected a mail address of at most ${MAX_TO} characters`)
  const typed = flags.to === undefined ? null : typedContact(flags.to)
  if (typed !== null && 'problem' in typed) throw new Failure(`--to ${visibleText(flags.to ?? '', 60)}: ${typed.problem}`)
  const request = { subject, ...(flags.to === undefined ? {} : { to: flags.to }) }
  const sending = flags.send === true
  return withOperations(placeOf(flags), async (operations) => {
    const preview = await operations.writeNotice(request, false)
    if (!preview.ok) throw failureOf(preview.code === 'contact' && flags.to === undefined ? { ...preview, problem: `${preview.problem} To write to somebody you know: add --to MAIL.` } : preview)
    if (!sending) return shown(preview, flags)
    if (preview.sending !== null) throw new Failure(preview.sending)
    if (preview.cap !== null) throw new Failure(`not sent: ${preview.cap}`, 1)
    const draft = await operations.writeNotice(request, true)
    if (!draft.ok) throw failureOf(draft)
    const outcome = await operations.sendNotice(draft.notice.id)
    if (!outcome.ok) throw failureOf(outcome)
    return sent({ ...draft, notice: outcome.notice }, flags)
  })
}

function shown(preview: NoticePreview, flags: NoticeFlags): number {
  print(preview, flags)
  const hindrance = preview.sending ?? preview.cap
  remark(flags, `not sent; it would go to ${contactText(preview.notice)}${hindrance === null ? ': add --send to send it' : `, but ${hindrance}`}`)
  return 0
}

function sent(result: NoticePreview, flags: NoticeFlags): number {
  print(result, flags)
  const { notice } = result
  const last = notice.events.at(-1)?.text ?? ''
  switch (notice.state) {
    case 'failed': throw new Failure(`the notice to ${notice.to} was not taken. ${last}`)
    case 'unknown': throw new Failure(`the notice to ${notice.to}: ${last}`)
    case 'queued':
    case 'sending':
      remark(flags, `queued for ${contactText(notice)}. ${last}`)
      return 0
    case 'draft':
    case 'cancelled':
    case 'sent':
    case 'bounced':
    case 'answered':
    case 'fixed':
    case 'quiet':
      remark(flags, `sent to ${contactText(notice)}`)
      return 0
  }
}

function print({ notice, message, cap, sending }: NoticePreview, flags: NoticeFlags): void {
  if (flags.json === true) writeLine(JSON.stringify({ id: notice.id, state: notice.state, session: notice.session, client: notice.client, to: notice.to, source: sourceText(notice.source), template: notice.template, subject: notice.subject, cap, sending, message }))
  else write(message.replaceAll('\r\n', '\n'))
}

function remark(flags: NoticeFlags, text: string): void {
  if (flags.json !== true) process.stderr.write(`porch: ${asciiText(text)}\n`)
}

function contactText({ to, source }: Notice): string {
  return `${to} (${sourceText(source)})`
}

/** CONTRACT: 1 for an unknown session, no contact, or a cap; anything else is 2. */
function failureOf({ code, problem }: NoticeRefusal): Failure {
  switch (code) {
    case 'unknown':
    case 'contact':
    case 'cap': return new Failure(problem, 1)
    case 'not-refused':
    case 'about-a-notice':
    case 'template':
    case 'settings':
    case 'state':
    case 'store': return new Failure(problem)
  }
}
