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
  /** What could not be asked. */
  readonly remarks: readonly string[]
  /** The session that a notice would be about; one of the shop's own recipients is the customer to tell. */
  readonly about: Pick<SessionRecord, 'id' | 'at' | 'client' | 'ehlo' | 'verifiedName' | 'sender' | 'recipients'>
}

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
})
export type WriteRequest = z.output<typeof write>

export const noticesApi = {
  proposals: oc.output(type<Proposals>()),
  /** Newest first. */
  list: oc.output(type<readonly Notice[]>()),
  get: oc.input(id).output(type<{ readonly notice: Notice; readonly message: string } | null>()),
  contacts: oc.input(z.object({ subject: z.string().min(1).max(100) })).output(type<NoticeContacts | NoticeRefusal>()),
  /** The very bytes; nothing is stored. */
  preview: oc.input(write).output(type<NoticePreview | NoticeRefusal>()),
  /** Stored; what it answers is what will be sent. */
  draft: oc.input(write).output(type<NoticePreview | NoticeRefusal>()),
  /** Queues a draft; it is handed over in the background. */
  send: oc.input(id).output(type<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>()),
  /** A draft, or one that is queued and not yet leaving. */
  cancel: oc.input(id).output(type<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>()),
  templates: {
    list: oc.output(type<readonly TemplateText[]>()),
    set: oc.input(z.object({ kind, text: z.string().max(20_001) })).output(type<{ readonly ok: true } | NoticeRefusal>()),
    restore: oc.input(z.object({ kind })).output(type<{ readonly ok: true; readonly text: string } | NoticeRefusal>()),
  },
}
