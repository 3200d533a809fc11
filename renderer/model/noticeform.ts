/** What an admin chooses and types while a notice is written, and what of it the gate is asked. Pure. */
import type { NoticeContacts, WriteRequest } from '../../shared/api/notices.ts'
import { typedContact } from '../../shared/notice/contacts.ts'
import type { ContactCandidate } from '../../shared/notice/contacts.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'

export const BY_HAND = 'by hand'

export interface NoticeForm {
  readonly kind: TemplateKind
  /** A contact's address, `BY_HAND`, or nobody yet. */
  readonly choice: string | null
  readonly typed: string
  /** The admin ticked that the chosen contact is only claimed. */
  readonly ticked: boolean
  /** The texts that were changed. */
  readonly texts: Partial<Record<TemplateKind, string>>
}

type Contacts = Pick<NoticeContacts, 'candidates' | 'best' | 'customers'>

/** As it opens: of a draft what it holds, else the best contact. */
export function openingForm(contacts: Contacts, draft: Notice | null): NoticeForm {
  const blank = { typed: '', ticked: false, texts: {} }
  if (draft === null) return { ...blank, kind: kindFor(contacts.best), choice: contacts.best?.address ?? null }
  const known = offered(contacts, draft.template).some(({ address }) => address === draft.to)
  return {
    kind: draft.template, choice: known ? draft.to : BY_HAND, typed: known ? '' : draft.to, ticked: draft.trust === 'claimed',
    texts: typeof draft.text === 'string' ? { [draft.template]: draft.text } : {},
  }
}

function kindFor(contact: ContactCandidate | null): TemplateKind {
  return contact?.party === 'address-owner' ? 'isp' : 'domain-owner'
}

export function offered({ candidates, customers }: Contacts, kind: TemplateKind): readonly ContactCandidate[] {
  return kind === 'customer' ? customers : candidates
}

/** Another kind of notice: who was chosen stays if that suits, else the best of those offered. */
export function withKind(form: NoticeForm, kind: TemplateKind, contacts: Contacts): NoticeForm {
  const list = offered(contacts, kind)
  if (form.choice === BY_HAND || list.some(({ address }) => address === form.choice)) return { ...form, kind }
  const party = kind === 'isp' ? 'address-owner' : 'domain-owner'
  const trusted = list.filter(({ trust }) => trust !== 'claimed')
  const best = trusted.find((each) => each.party === party && each.note === null) ?? trusted[0]
  return { ...form, kind, choice: best?.address ?? null, ticked: false }
}

/** Another recipient; as long as no text was changed, the text follows whom it is for. */
export function withChoice(form: NoticeForm, choice: string, contacts: Contacts): NoticeForm {
  const chosen = offered(contacts, form.kind).find(({ address }) => address === choice)
  const follows = chosen !== undefined && chosen.party !== null && form.kind !== 'customer' && Object.keys(form.texts).length === 0
  return { ...form, choice, ticked: false, kind: follows ? kindFor(chosen) : form.kind }
}

export function chosenContact(form: NoticeForm, contacts: Contacts): ContactCandidate | null {
  if (form.choice !== BY_HAND) return offered(contacts, form.kind).find(({ address }) => address === form.choice) ?? null
  const typed = typedContact(form.typed.trim())
  return 'problem' in typed ? null : typed
}

/** Why what was typed is no address; null while it is one, or nothing was typed. */
export function typedProblem({ choice, typed }: NoticeForm): string | null {
  if (choice !== BY_HAND || typed.trim() === '') return null
  const contact = typedContact(typed.trim())
  return 'problem' in contact ? contact.problem : null
}

/** Null: nobody is chosen. A claim is asked for as such: without the tick only to look at. */
export function requestOf(form: NoticeForm, contacts: Contacts, subject: string): WriteRequest | null {
  const contact = chosenContact(form, contacts)
  const text = form.texts[form.kind]
  if (contact === null) return null
  return { subject, to: contact.address, template: form.kind, ...(contact.trust === 'claimed' ? { claimed: true } : {}), ...(text === undefined ? {} : { text }) }
}

/** As it was kept over a reload; null for anything else. */
export function readForm(text: string | null): NoticeForm | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<NoticeForm> | null
    const kind = TEMPLATE_KINDS.find((known) => known === value?.kind)
    if (kind === undefined || typeof value?.typed !== 'string' || typeof value.texts !== 'object') return null
    return { kind, choice: typeof value.choice === 'string' ? value.choice : null, typed: value.typed, ticked: value.ticked === true, texts: value.texts }
  } catch {
    return null
  }
}
