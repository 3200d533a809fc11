/** Part of the API (shared/api.ts): notices, from proposal to follow-up. Times are ms since 1970, as in shared/notice/outbox.ts. */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { SessionRecord } from '../events.ts'
import type { ContactCandidate } from '../notice/contacts.ts'
import type { DueSender, StuckSender } from '../notice/due.ts'
import type { Notice } from '../notice/outbox.ts'
import type { TemplateProblem } from '../notice/template.ts'
import { TEMPLATE_KINDS } from '../notice/templates.ts'
import type { TemplateKind } from '../notice/templates.ts'

/** `code`: why not. `unknown`: no such session or notice. `contact`: nobody to write to, or a claim without the tick. `cap`: one of the two. */
export interface NoticeRefusal {
  readonly ok: false
  readonly code: 'unknown' | 'contact' | 'cap' | 'about-a-notice' | 'not-refused' | 'template' | 'settings' | 'state' | 'store'
  /** One sentence. */
  readonly problem: string
  /** With code `template`: each problem with its line. */
  readonly problems?: readonly TemplateProblem[]
}

/** What was written; `message` the very bytes (ASCII), `text` its body to be read. `cap`: why it could not be sent now; `sending`: why nothing can be sent at all. */
export interface NoticePreview {
  readonly ok: true
  readonly notice: Notice
  readonly message: string
  readonly text: string
  readonly cap: string | null
  readonly sending: string | null
}

export interface NoticeContacts {
  readonly ok: true
  readonly candidates: readonly ContactCandidate[]
  /** The one that is taken if none is named; null: only claims are left. */
  readonly best: ContactCandidate | null
  /** Those whom the refused mail was for at the shop's own domains: the customers to tell. */
  readonly customers: readonly string[]
  /** What could not be asked. */
  readonly remarks: readonly string[]
  /** The session that a notice would be about. */
  readonly about: Pick<SessionRecord, 'id' | 'at' | 'client' | 'ehlo' | 'verifiedName' | 'sender' | 'recipients'>
}

/** What can be sent at present. `missing`: settings without which nothing can; `sending`: why nothing can, one sentence (null: it can). `today`: notices within 24 hours. */
export interface DeskState {
  readonly missing: readonly string[]
  readonly sending: string | null
  readonly perContactDays: number
  readonly perDay: number
  readonly today: number
}

/** `cap`, `sending`: why another one cannot go to the same contact now, one sentence; null if it can. */
export interface NoticeInFull {
  readonly notice: Notice
  readonly message: string
  readonly cap: string | null
  readonly sending: string | null
}

/** `sample`: of a made-up session, as none was refused so far. */
export type TemplatePreview = { readonly ok: true; readonly message: string; readonly about: string; readonly sample: boolean } | NoticeRefusal

export interface TemplateText {
  readonly kind: TemplateKind
  readonly text: string
  /** It is the admin's own version. */
  readonly changed: boolean
}

interface About {
  /** The session to write about. */
  readonly session: string
  readonly ehlo: string | null
  readonly sender: string | null
  readonly lastAt: number
}

/** Who is worth a notice, best first, with the reasons; and whose DNS has not answered for hours. */
export interface Proposals {
  readonly due: readonly (DueSender & About)[]
  /** Those of the likely ones who look like spam after all, or like nobody in particular. */
  readonly sunk: readonly (DueSender & About)[]
  readonly stuck: readonly (StuckSender & About)[]
}

const kind = z.enum(TEMPLATE_KINDS)
const id = z.object({ id: z.string().max(40) })
/** `subject`: a session's id, or an address, for its last refused session. `to`: a candidate's address, or any that is typed; none: the best. `claimed`: the admin ticked a contact that is only claimed. */
const write = z.object({
  subject: z.string().min(1).max(100),
  to: z.string().max(300).optional(),
  claimed: z.boolean().optional(),
  template: kind.optional(),
  /** Instead of the kept template, for this one notice. */
  text: z.string().max(20_000).optional(),
  /** Of an earlier preview, or of the draft that this replaces: kept, so that what is sent bears the same tag. */
  id: z.string().regex(/^[0-9a-f]{20}$/).optional(),
  /** When that preview was written, ms: within some minutes the draft is byte for byte the same. */
  at: z.int().optional(),
})
export type WriteRequest = z.output<typeof write>

export const noticesApi = {
  proposals: oc.output(type<Proposals>()),
  /** Newest first; of their events only the last, and without `thenAnswers` and `text`: those are in `get`. */
  list: oc.output(type<readonly Notice[]>()),
  get: oc.input(id).output(type<NoticeInFull | null>()),
  desk: oc.output(type<DeskState>()),
  contacts: oc.input(z.object({ subject: z.string().min(1).max(100) })).output(type<NoticeContacts | NoticeRefusal>()),
  /** The very bytes; nothing is stored. */
  preview: oc.input(write).output(type<NoticePreview | NoticeRefusal>()),
  /** Stored; what it answers is what will be sent. */
  draft: oc.input(write).output(type<NoticePreview | NoticeRefusal>()),
  /** Queues a draft; it is handed over in the background, after `holdMs` if that is said. */
  send: oc.input(id.extend({ holdMs: z.int().min(0).max(60_000).optional() })).output(type<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>()),
  /** A draft, or one that is queued and not yet leaving. */
  cancel: oc.input(id).output(type<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>()),
  /** Makes a draft again of what was cancelled, or is queued and not yet leaving. */
  reopen: oc.input(id).output(type<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>()),
  templates: {
    list: oc.output(type<readonly TemplateText[]>()),
    set: oc.input(z.object({ kind, text: z.string().max(20_001) })).output(type<{ readonly ok: true } | NoticeRefusal>()),
    /** The message that a template would give, of the last refused session. */
    preview: oc.input(z.object({ kind, text: z.string().max(20_001) })).output(type<TemplatePreview>()),
    restore: oc.input(z.object({ kind })).output(type<{ readonly ok: true; readonly text: string } | NoticeRefusal>()),
  },
}
