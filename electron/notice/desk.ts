/**
 * The desk where notices are written and sent: for the console and the command line alike, with or without a running gate. Every rule of
 * POLICY (Notices) on whom and how often is held here, at the last moment before a notice is queued.
 */
import { randomBytes } from 'node:crypto'
import type { SessionDetail } from '../../shared/api.ts'
import type { NoticeContacts, NoticePreview, NoticeRefusal, WriteRequest } from '../../shared/api/notices.ts'
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import { isServed } from '../../shared/gate/disposition.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import { wasRefused, wasTold } from '../../shared/notice/heard.ts'
import { typedContact } from '../../shared/notice/contacts.ts'
import type { ContactCandidate } from '../../shared/notice/contacts.ts'
import { contactKey } from '../../shared/notice/mailaddress.ts'
import { capReason } from '../../shared/notice/outbox.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { readTagged } from '../../shared/notice/tag.ts'
import { detailOf } from '../console/detail.ts'
import type { Clock, EffectiveSettings, RdapPort, ResolverPort, StorePort } from '../ports.ts'
import { isSampleSession } from '../ids.ts'
import { messageOf } from '../settingsfile.ts'
import { findContacts } from './contact.ts'
import type { FoundContacts } from './contact.ts'
import { sendingProblem } from './mailer.ts'
import type { Mailer } from './mailer.ts'
import type { Outbox } from './outbox.ts'
import type { Templates } from './templates.ts'
import { bestContact, templateFor, writeNotice } from './write.ts'

export interface DeskDeps {
  readonly outbox: Outbox
  readonly mailer: Pick<Mailer, 'run'>
  readonly templates: Templates
  readonly store: Pick<StorePort, 'entry' | 'sessions'>
  readonly settings: () => EffectiveSettings
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly rdap: Pick<RdapPort, 'network' | 'domain'>
  readonly clock: Clock
}

export const NO_CAPS = { perContactDays: 7, perDay: 20 }
/** Of an address, how far back a refusal is looked for. */
const LAST_SESSIONS = 50
const SAME_DATE_MS = 15 * 60_000
const MOST_CUSTOMERS = 20

type Found = { readonly ok: true; readonly entry: JournalEntry } | NoticeRefusal

function refusal(code: NoticeRefusal['code'], problem: string): NoticeRefusal {
  return { ok: false, code, problem }
}

/** Why a notice about this session cannot be sent, one sentence; null: it can. */
export function unsendable(settings: EffectiveSettings, session: string): string | null {
  return sendingProblem(settings) ?? (isSampleSession(session) ? 'the sender is one of practice mode’s invented ones: nobody is written to about it' : null)
}

export async function contactsFor(deps: DeskDeps, subject: string): Promise<NoticeContacts | NoticeRefusal> {
  const found = await sessionOf(deps, subject)
  if (!found.ok) return found
  const detail = await detailOf(deps, found.entry, deps.settings())
  const { candidates, remarks } = await candidatesOf(deps, detail.session)
  const { id, at, client, ehlo, verifiedName, sender, recipients } = detail.session
  return { ok: true, candidates, best: bestContact(candidates, detail), customers: customersOf(detail.session, deps.settings()).map(({ address }) => address), remarks, about: { id, at, client, ehlo, verifiedName, sender, recipients } }
}

/** Writes a notice and keeps it as a draft only if `keep`. */
export async function write(deps: DeskDeps, request: WriteRequest, keep: boolean): Promise<NoticePreview | NoticeRefusal> {
  const found = await sessionOf(deps, request.subject)
  if (!found.ok) return found
  const settings = deps.settings()
  const detail = await detailOf(deps, found.entry, settings)
  const contact = await contactOf(deps, detail, request)
  if ('ok' in contact) return contact
  const kind = request.template ?? templateFor(contact, detail)
  const now = deps.clock.now()
  // A preview that was shown a moment ago keeps its date.
  const at = request.at !== undefined && request.at <= now && now - request.at < SAME_DATE_MS ? request.at : now
  const written = await writeNotice({
    id: request.id ?? randomBytes(10).toString('hex'), detail, contact, kind, template: request.text ?? (await deps.templates.text(kind)), settings, notices: deps.outbox.list(), now: at,
  })
  if (!written.ok) return { ...refusal('template', `The template has a mistake: line ${written.problems[0]?.line ?? 1}: ${written.problems[0]?.problem ?? ''}`), problems: written.problems }
  const { message, text } = written
  const notice: Notice = request.text === undefined ? written.notice : { ...written.notice, text: request.text }
  if (keep) {
    try {
      await deps.outbox.put(notice, message)
    } catch (error) {
      return refusal('store', `The draft could not be kept: ${messageOf(error)}`)
    }
  }
  return { ok: true, notice, message, text, cap: capReason(deps.outbox.list(), notice.to, settings.notices ?? NO_CAPS, now), sending: unsendable(settings, detail.session.id) }
}

/** Queues a draft and sets the mailer going (`holdMs` later, if it shall be possible to take it back); does not wait for it. */
export async function send(deps: DeskDeps, id: string, holdMs = 0): Promise<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal> {
  const draft = deps.outbox.get(id)
  if (draft === null) return refusal('unknown', 'There is no such notice.')
  if (draft.state !== 'draft') return refusal('state', 'This notice is no draft any more: it is not sent twice.')
  const settings = deps.settings()
  const sending = unsendable(settings, draft.session)
  if (sending !== null) return refusal('settings', `${sending}.`)
  if (draft.from !== settings.notices?.from) return refusal('settings', 'The address that notices come from has changed since this was written: write it anew.')
  const caps = settings.notices
  try {
    const notice = await deps.outbox.queue(id, ({ to }) => capReason(deps.outbox.list(), to, caps, deps.clock.now()), holdMs)
    if (notice !== null && 'against' in notice) return refusal('cap', `Not sent: ${notice.against}.`)
    if (notice?.state !== 'queued') return refusal('state', 'This notice is no draft any more: it is not sent twice.')
    if (holdMs === 0) void deps.mailer.run()
    // What is missed here, the mailer finds when it next looks.
    else setTimeout(() => void deps.mailer.run(), holdMs + 20).unref()
    return { ok: true, notice }
  } catch (error) {
    return refusal('store', `Not sent: it could not be kept: ${messageOf(error)}`)
  }
}

export async function cancel(deps: Pick<DeskDeps, 'outbox'>, id: string): Promise<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal> {
  try {
    const notice = await deps.outbox.apply(id, { kind: 'cancel' })
    if (notice === null) return refusal('unknown', 'There is no such notice.')
    return notice.state === 'cancelled' ? { ok: true, notice } : refusal('state', 'It has left already, or is leaving: that cannot be taken back.')
  } catch (error) {
    return refusal('store', `It could not be cancelled: ${messageOf(error)}`)
  }
}

/** A draft again; what has begun to leave stays as it is. */
export async function reopen(deps: Pick<DeskDeps, 'outbox'>, id: string): Promise<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal> {
  try {
    const notice = await deps.outbox.apply(id, { kind: 'reopen' })
    if (notice === null) return refusal('unknown', 'There is no such notice.')
    return notice.state === 'draft' ? { ok: true, notice } : refusal('state', 'It has left already, or is leaving: that cannot be taken back.')
  } catch (error) {
    return refusal('store', `It could not be taken back: ${messageOf(error)}`)
  }
}

/** By id, or the last refused one of an address. */
async function sessionOf({ store, outbox }: DeskDeps, subject: string): Promise<Found> {
  const address = parseAddress(subject.trim())
  const entry = address === null ? await store.entry(subject.trim()) : await lastRefused(store, address.text)
  if (entry === null) return refusal('unknown', address === null ? `There is no session ${visibleText(subject, 60)} in the journal.` : `There is no refused session of ${address.text} in the journal.`)
  const { session } = entry
  if (!wasRefused(session)) return refusal('not-refused', session.refusedFor.length === 0 ? 'This session was not refused for its DNS: there is nothing to tell anybody.' : 'This session heard no refusal, it was let in or left before: there is nothing to tell anybody.')
  // Never about a notice: neither one of ours that came back, nor what was sent in answer to one.
  if (addressesOf(session).some((each) => outbox.get(readTagged(each)?.tag ?? '') !== null)) return refusal('about-a-notice', 'This session is about a notice: no notice is written about it.')
  return { ok: true, entry }
}

function addressesOf({ sender, recipients, transactions }: SessionRecord): string[] {
  return [...(sender === null ? [] : [sender]), ...recipients, ...transactions.flatMap((each) => [each.sender, ...each.recipients.map(({ address }) => address)])]
}

async function lastRefused(store: DeskDeps['store'], client: string): Promise<JournalEntry | null> {
  const sessions = await store.sessions({ client, limit: LAST_SESSIONS })
  const candidates = sessions.filter(wasRefused)
  const told = candidates.filter(wasTold)
  const refused = told.find(({ verdict }) => verdict === 'reject') ?? told[0] ?? candidates[0]
  return refused === undefined ? null : store.entry(refused.id)
}

/** Recipients at the shop's own domains: whom a client names elsewhere is nobody to write to. */
function customersOf({ recipients }: Pick<SessionRecord, 'recipients'>, { allDomains }: EffectiveSettings): readonly ContactCandidate[] {
  return [...new Set(recipients)].flatMap((recipient) => {
    const typed = isServed(recipient.slice(recipient.lastIndexOf('@') + 1), allDomains) ? typedContact(recipient) : { problem: '' }
    return 'problem' in typed ? [] : [{ ...typed, source: { kind: 'recipient' as const } }]
  }).slice(0, MOST_CUSTOMERS)
}

function candidatesOf(deps: DeskDeps, { client, ehlo, ptrNames, verifiedName, sender }: SessionRecord): Promise<FoundContacts> {
  const address = parseAddress(client)
  if (address === null) return Promise.resolve({ candidates: [], remarks: [] })
  return findContacts(deps, { client: address, ehlo, ptrNames, verifiedName, sender })
}

async function contactOf(deps: DeskDeps, detail: SessionDetail, { to, claimed }: WriteRequest): Promise<ContactCandidate | NoticeRefusal> {
  if (to !== undefined && claimed !== true) {
    // Typed by hand: the admin's own affair, wherever else the address may stand.
    const typed = typedContact(to)
    if ('problem' in typed) return refusal('contact', `${visibleText(to, 60)}: ${typed.problem}`)
    const customer = customersOf(detail.session, deps.settings()).find(({ address }) => contactKey(address) === contactKey(typed.address))
    if (customer !== undefined) return customer
    const { candidates } = await candidatesOf(deps, detail.session)
    return candidates.find(({ address, trust }) => trust === 'verified' && contactKey(address) === contactKey(typed.address)) ?? typed
  }
  const { candidates, remarks } = await candidatesOf(deps, detail.session)
  if (to !== undefined) {
    const ticked = candidates.find(({ address }) => contactKey(address) === contactKey(to))
    return ticked ?? refusal('contact', `${visibleText(to, 60)} is none of the contacts that were found.`)
  }
  const best = bestContact(candidates, detail)
  if (best !== null) return best
  const claims = candidates.length === 0 ? '' : ` Only claimed, and so not written to by itself: ${candidates.map(({ address }) => address).join(', ')}.`
  return refusal('contact', `No contact is known whom one could trust.${claims} ${remarks.map((remark) => `${remark.charAt(0).toUpperCase()}${remark.slice(1)}.`).join(' ')}`.trim())
}
