/**
 * The notices of the console's double: the real desk, board and proposals over a store in memory with the double's sessions. Only what
 * lies outside is pretended: the registries, DNS, and the submission server (`reply`).
 */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import type { RegisteredNetwork } from '../../shared/notice/registry.ts'
import { parseSettings } from '../../shared/config.ts'
import type { SettingsInput } from '../../shared/config.ts'
import { marksOf } from '../../electron/console/history.ts'
import { noticeBook, watchNotices } from '../../electron/console/noticebook.ts'
import { boardOf, listNotices, noticeOf, restoreTemplate, setTemplate } from '../../electron/console/notices.ts'
import { cancel, contactsFor, reopen, send, write } from '../../electron/notice/desk.ts'
import type { DeskDeps } from '../../electron/notice/desk.ts'
import { createOutbox } from '../../electron/notice/outbox.ts'
import { previewTemplate } from '../../electron/notice/sample.ts'
import { createTemplates } from '../../electron/notice/templates.ts'
import { effective } from '../../electron/settingsfile.ts'
import type { OutboxEvent } from '../../shared/notice/outbox.ts'
import { systemClock } from '../../electron/clock.ts'
import { fakeRdap } from './rdap.ts'
import { fakeResolver } from './resolver.ts'
import { createFakeStore } from './store.ts'

const SETTINGS: SettingsInput = {
  hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:2526', listen: ['127.0.0.1:0'], dns: { servers: ['127.0.0.1:53'] },
  shop: { name: 'INTIMIDATOR Hosting', phone: '+1 303 555 0100', rate: '$60 per hour' }, notices: { smtp: '127.0.0.1:587', from: 'postmaster@shop.example' },
}
/** What the registry says of the founding case's network; its name is as hostile as one can be. */
export const REGISTERED: RegisteredNetwork = {
  name: 'AG-NET <b>\u202e', handle: null, country: 'US', cidrs: ['216.33.0.0/16'],
  contacts: [{ address: 'abuse@isp.example', role: 'abuse', note: null, name: null }, { address: 'noc@isp.example', role: 'technical', note: 'the registry marks it as invalid', name: null }],
}

export class NoticesDouble {
  /** What the submission server answers; `hold`: it is not asked at all. */
  reply: 'accepted' | 'later' | 'refused' | 'hold' = 'accepted'
  /** How long contacts and previews take, ms. */
  readonly slow = { contacts: 0, preview: 0 }
  readonly calls: string[]
  readonly desk: Promise<DeskDeps>
  readonly #entries: () => readonly JournalEntry[]
  #settings = SETTINGS

  constructor(calls: string[], entries: () => readonly JournalEntry[]) {
    this.calls = calls
    this.#entries = entries
    this.desk = this.#open()
  }

  /** Other settings for notices; undefined: there are none. */
  configure(notices: SettingsInput['notices'] | undefined): void {
    this.#settings = { ...SETTINGS }
    delete this.#settings.notices
    if (notices !== undefined) this.#settings.notices = notices
  }

  async apply(id: string, ...events: OutboxEvent[]): Promise<void> {
    const { outbox } = await this.desk
    for (const event of events) await outbox.apply(id, event)
  }

  async #open(): Promise<DeskDeps> {
    const kept = createFakeStore()
    const outbox = await createOutbox({ store: kept, clock: systemClock, alarms: { raise: () => undefined, clear: () => undefined, list: () => [], onChange: () => () => undefined } as never, dataDir: null })
    const run = async () => {
      for (const { id, state, nextTryAt } of outbox.list()) {
        if (state !== 'queued' || (nextTryAt ?? Infinity) > Date.now() + 50 || this.reply === 'hold') continue
        this.calls.push(`submit ${id}`)
        if (this.reply === 'accepted') await this.apply(id, { kind: 'hand-over' }, { kind: 'accepted', reply: '250 2.0.0 Ok: queued as 7C1' })
        else await this.apply(id, { kind: 'refused', permanent: this.reply === 'refused', reply: this.reply === 'refused' ? '550 5.1.1 no such user' : '451 4.3.0 try again later' })
      }
    }
    return { outbox, mailer: { run }, templates: createTemplates(kept), store: this.store, settings: () => this.settings(), resolver: fakeResolver(''), rdap: fakeRdap({ networks: [REGISTERED] }), clock: systemClock }
  }

  settings() {
    const parsed = parseSettings(this.#settings)
    const filled = parsed.ok ? effective(parsed.value, '/nowhere/porch.json') : null
    if (filled?.ok !== true) throw new Error('settings')
    return filled.value
  }

  readonly store: DeskDeps['store'] & { readonly sender: ReturnType<typeof createFakeStore>['sender'] } = {
    sessions: (filter) => this.#filled().sessions(filter), entry: (id) => this.#filled().entry(id), sender: (key) => this.#filled().sender(key),
  }

  #filled() {
    const store = createFakeStore()
    for (const entry of this.#entries()) store.record(entry)
    return store
  }

  /** For the Senders page. */
  async book(rules: () => readonly Rule[]) {
    const desk = await this.desk
    const allowed = (text: string) => rules().find(({ kind, scope }) => kind === 'allow' && scope === text) ?? null
    const match = ({ text }: { readonly text: string }) => ({ allow: allowed(text), ban: null })
    return noticeBook({ desk, store: this.store, rules: { match }, clock: systemClock } as never)
  }

  async marks(client: string) {
    return marksOf(await this.desk, [client])
  }

  routes(book: ReturnType<NoticesDouble['book']>) {
    const { notices } = implement(api)
    const said = <T>(call: string, value: T): T => {
      this.calls.push(call)
      return value
    }
    return {
      proposals: notices.proposals.handler(async () => (await book).proposals()),
      board: notices.board.handler(async ({ input }) => boardOf(await this.desk, input)),
      watch: notices.watch.handler(({ signal }) => this.#watch(book, signal ?? new AbortController().signal)),
      list: notices.list.handler(async () => listNotices(await this.desk)), get: notices.get.handler(async ({ input }) => noticeOf(await this.desk, input.id)),
      contacts: notices.contacts.handler(async ({ input }) => said(`contacts ${input.subject}`, await after(this.slow.contacts, contactsFor(await this.desk, input.subject)))),
      preview: notices.preview.handler(async ({ input }) => said('preview', await after(this.slow.preview, write(await this.desk, input, false)))),
      draft: notices.draft.handler(async ({ input }) => said(`draft ${input.to ?? ''} ${input.claimed ?? false}`, await write(await this.desk, input, true))),
      send: notices.send.handler(async ({ input }) => said(`send ${input.holdMs ?? 0}`, await send(await this.desk, input.id, input.holdMs))),
      cancel: notices.cancel.handler(async ({ input }) => said('cancel', await cancel(await this.desk, input.id))),
      reopen: notices.reopen.handler(async ({ input }) => said('reopen', await reopen(await this.desk, input.id))),
      templates: {
        list: notices.templates.list.handler(async () => (await this.desk).templates.list()),
        set: notices.templates.set.handler(async ({ input }) => said(`template ${input.kind}`, await setTemplate(await this.desk, input.kind, input.text))),
        restore: notices.templates.restore.handler(async ({ input }) => said(`restore ${input.kind}`, await restoreTemplate(await this.desk, input.kind))),
        preview: notices.templates.preview.handler(async ({ input }) => previewTemplate(await this.desk, input.kind, input.text)),
      },
    }
  }

  async *#watch(book: ReturnType<NoticesDouble['book']>, signal: AbortSignal) {
    yield* watchNotices(await book, (await this.desk).outbox, signal)
  }
}

async function after<T>(ms: number, work: Promise<T>): Promise<T> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
  return work
}
