/** Part of the API (shared/api.ts): notices, from proposal to follow-up. Times are ms since 1970, as in shared/notice/outbox.ts. */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { NOTICE_FOLDERS } from '../notice/board.ts'
import type { FolderCounts, NoticeLine } from '../notice/board.ts'
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

/** What was written; `message` the very bytes (ASCII). `cap`: why it could not be sent now; `sending`: why nothing can be sent at all. */
export interface NoticePreview {
  readonly ok: true
  readonly notice: Notice
  readonly message: string
  /** As its reader sees it: not encoded, lines joined by "\n". */
  readonly body: string
  readonly cap: string | null
  readonly sending: string | null
}

export interface NoticeContacts {
  readonly ok: true
  readonly candidates: readonly ContactCandidate[]
  /** The one that is taken if none is named; null: only claims are left. */
  readonly best: ContactCandidate | null
  /** The shop's own recipients of the refused mail, for the notice to a customer. */
  readonly customers: readonly ContactCandidate[]
  /** What could not be asked. */
  readonly remarks: readonly string[]
  readonly about: NoticeSubject
  /** What was written about this sender before, newest first. */
  readonly earlier: readonly NoticeLine[]
}

/** The refused session that is written about; `problem`: what is wrong and whose job it is, one sentence. */
export interface NoticeSubject {
  readonly session: string
  readonly at: string
  readonly client: string
  readonly ehlo: string | null
  readonly sender: string | null
  readonly recipients: readonly string[]
  readonly problem: string
}

/** What the desk can do: `missing` keys of the settings, `sending` why nothing can be sent (null: it can), `today` notices within 24 hours. */
export interface DeskState {
  readonly missing: readonly string[]
  readonly sending: string | null
  readonly perContactDays: number
  readonly perDay: number
  readonly today: number
}

/** Newest first; `total`: all in that folder that the search finds. */
export interface NoticeBoard {
  readonly notices: readonly NoticeLine[]
  readonly total: number
  readonly counts: FolderCounts
  readonly desk: DeskState
}

/** Another edition: something has changed since. `worth`, `stuck`: senders worth a notice, and such whose DNS has not answered for hours. */
export interface NoticeNews {
  readonly edition: number
  readonly worth: number
  readonly stuck: number
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

/** Who is worth a notice, best first, with the reasons; those who look like spam, or like nobody in particular (the first hundred); and whose DNS has not answered for hours. */
export interface Proposals {
  readonly due: readonly (DueSender & About)[]
  readonly sunk: readonly (DueSender & About)[]
  readonly stuck: readonly (StuckSender & About)[]
}

const kind = z.enum(TEMPLATE_KINDS)
const id = z.object({ id: z.string().max(40) })
const text = z.string().max(20_001)
/** `subject`: a session's id, or an address, for its last refused session. `to`: a candidate's address, or any that is typed; none: the best. `claimed`: the admin ticked a contact that is only claimed. */
const write = z.object({
  subject: z.string().min(1).max(100),
  to: z.string().max(300).optional(),
  claimed: z.boolean().optional(),
  template: kind.optional(),
  /** Instead of the kept template, for this one notice. */
  text: text.optional(),
  /** Of an earlier preview, or of the draft that this replaces: kept, so that what is sent bears the same tag. */
  id: z.string().regex(/^[0-9a-f]{20}$/).optional(),
  /** When that preview was written, ms: within some minutes the draft is byte for byte the same. */
  at: z.int().optional(),
})
export type WriteRequest = z.output<typeof write>

export const noticesApi = {
  proposals: oc.output(type<Proposals>()),
  /** Newest first. */
  list: oc.output(type<readonly Notice[]>()),
  /** One folder of the board (all of them if none is named). */
  board: oc.input(z.object({ folder: z.enum(NOTICE_FOLDERS).optional(), text: z.string().max(500).optional(), limit: z.int().min(1).max(5000) })).output(type<NoticeBoard>()),
  /** At once, and again whenever it is another. */
  watch: oc.output(eventIterator(type<NoticeNews>())),
  get: oc.input(id).output(type<NoticeInFull | null>()),
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
    set: oc.input(z.object({ kind, text })).output(type<{ readonly ok: true } | NoticeRefusal>()),
    /** The message that a template would give, of the last refused session. */
    preview: oc.input(z.object({ kind, text })).output(type<TemplatePreview>()),
    restore: oc.input(z.object({ kind })).output(type<{ readonly ok: true; readonly text: string } | NoticeRefusal>()),
  },
}
