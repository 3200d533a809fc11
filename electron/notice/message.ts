/**
 * A notice, or a letter to the admin, as the bytes that are sent (RFC 5322, RFC 3834; POLICY, Notices): one text/plain part, no attachment, headers of ours alone.
 * The same draft gives the same bytes, so that what was previewed is what is sent.
 */
import MailComposer from 'nodemailer/lib/mail-composer'
import { visibleText } from '../../shared/net/safetext.ts'
import { readMailAddress } from '../../shared/notice/mailaddress.ts'
import { taggedAddress } from '../../shared/notice/tag.ts'

export interface NoticeMessage {
  /** Also in its Message-ID. */
  readonly tag: string
  /** Where an answer goes: a tagged address of its own, or (a letter to the admin) the sender. */
  readonly answers: 'tagged' | 'sender'
  /** The shop's address; its domain is that of the Message-ID and of the tagged addresses. */
  readonly from: string
  readonly fromName: string | null
  readonly to: string
  readonly subject: string
  /** Lines joined by "\n". */
  readonly body: string
  /** ms since 1970. */
  readonly date: number
}

/** ASCII lines up to this length need no encoding (RFC 5322 §2.1.1: 998): records and transcripts can be read and copied out of the raw mail. */
const PLAIN_LINE = 990
/** Stands for the text while the headers are composed: it is encoded as 7bit. */
const STAND_IN = 'text'

/** Rejects for an address that is none: nothing may be composed around it. */
export async function composeMessage({ tag, answers, from, fromName, to, subject, body, date }: NoticeMessage): Promise<Buffer> {
  const [sender, recipient] = [readMailAddress(from), readMailAddress(to)]
  if (sender === null || recipient === null) throw new Error('a notice needs a sender and a recipient that can be written to')
  const domain = sender.slice(sender.lastIndexOf('@') + 1)
  const text = `${body}\n`
  const plain = /^[\x20-\x7e\n]*$/.test(text) && text.split('\n').every((line) => line.length <= PLAIN_LINE)
  const name = fromName === null ? '' : visibleText(fromName.trim(), 120)
  const composer = new MailComposer({
    from: name === '' ? sender : { name, address: sender },
    to: { name: '', address: recipient },
    ...(answers === 'tagged' ? { replyTo: { name, address: taggedAddress('answer', tag, domain) } } : {}),
    subject: visibleText(subject.trim(), 250) || 'About mail that was refused',
    text: plain ? STAND_IN : text.replaceAll('\n', '\r\n'),
    ...(plain ? {} : { encoding: 'quoted-printable' as const, textEncoding: 'quoted-printable' as const }),
    date: new Date(date),
    messageId: `<porch.${tag}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const raw = await composer.compile().build()
  if (!plain) return raw
  const head = raw.subarray(0, raw.indexOf('\r\n\r\n') + 4)
  return Buffer.concat([head, Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')])
}
