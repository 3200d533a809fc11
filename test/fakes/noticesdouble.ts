/**
 * The notices of the console's double: the real desk, outbox and templates over registries and a store in memory. Nothing is handed over
 * by itself: a test says what becomes of it.
 */
import { implement } from '@orpc/server'
import { deskState, listNotices, noticeOf, restoreTemplate, setTemplate } from '../../electron/console/notices.ts'
import { cancel, contactsFor, reopen, send, write } from '../../electron/notice/desk.ts'
import type { DeskDeps } from '../../electron/notice/desk.ts'
import { createOutbox } from '../../electron/notice/outbox.ts'
import type { Outbox } from '../../electron/notice/outbox.ts'
import { previewTemplate } from '../../electron/notice/sample.ts'
import { createTemplates } from '../../electron/notice/templates.ts'
import { effective } from '../../electron/settingsfile.ts'
import { api } from '../../shared/api.ts'
import type { Proposals } from '../../shared/api/notices.ts'
import { parseSettings } from '../../shared/config.ts'
import type { SessionDetail } from '../../shared/api.ts'
import type { RegisteredNetwork } from '../../shared/notice/registry.ts'
import type { NoticeState, OutboxEvent } from '../../shared/notice/outbox.ts'
import { fakeRdap } from './rdap.ts'
import { fakeResolver } from './resolver.ts'
import { createFakeStore } from './store.ts'

const clock = { now: Date.now, monotonic: () => performance.now() }
const NETWORK: RegisteredNetwork = {
  cidrs: ['216.33.0.0/16'], name: 'EXAMPLE-COLO', handle: 'EXAMPLE-1', country: null,
  contacts: [{ address: 'abuse@colo.example', role: 'abuse', name: 'Abuse desk', note: null }, { address: 'noc@colo.example', role: 'technical', name: null, note: 'the registry says that it does not answer' }],
}

function settingsOf(notices: object | undefined) {
  const parsed = parseSettings({
    hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:2526', listen: ['127.0.0.1:0'], shop: { name: 'The Shop', phone: '+1 555 0100', adminEmail: 'admin@shop.example' },
    ...(notices === undefined ? {} : { notices }),
  })
  const filled = parsed.ok ? effective(parsed.value, '/nowhere/porch.json') : null
  if (filled?.ok !== true) throw new Error('settings')
  return filled.value
}

export class NoticesDouble {
  /** Undefined: notices are off. */
  notices: object | undefined = { smtp: '127.0.0.1:587', from: 'postmaster@shop.example' }
  proposed: Proposals = { due: [], sunk: [], stuck: [] }
  /** What the registry says of 216.33.0.0/16. */
  network: RegisteredNetwork = NETWORK
  /** While set, what is asked waits for it. */
  held: Promise<void> | null = null
  readonly #details: () => readonly SessionDetail[]
  readonly #store = createFakeStore()
  readonly #alarms = { raise: () => undefined, clear: () => undefined, list: () => [] }
  readonly templates = createTemplates(this.#store)
  outbox!: Outbox

  constructor(details: () => readonly SessionDetail[]) {
    this.#details = details
  }

  async open(): Promise<void> {
    this.outbox = await createOutbox({ store: this.#store, clock, alarms: this.#alarms, dataDir: null })
  }

  /** What happens to the notice that went to this address last. */
  async tell(to: string, ...events: readonly OutboxEvent[]): Promise<NoticeState | null> {
    const notice = listNotices({ outbox: this.outbox }).find((each) => each.to === to)
    let state: NoticeState | null = null
    for (const event of events) state = (await this.outbox.apply(notice?.id ?? '', event))?.state ?? null
    return state
  }

  #desk(): DeskDeps {
    const store = createFakeStore()
    for (const { session, evidence, transcript } of this.#details()) store.record({ session, evidence, transcript })
    return {
      outbox: this.outbox, mailer: { run: () => Promise.resolve() }, templates: this.templates, store, settings: () => settingsOf(this.notices), clock,
      resolver: fakeResolver('33.216.in-addr.arpa SOA ns.isp.example hostmaster.isp.example 1 2 3 4 5\n'), rdap: fakeRdap({ networks: [this.network] }),
    }
  }

  routes() {
    const { notices } = implement(api)
    const desk = async () => {
      await this.held
      return this.#desk()
    }
    return {
      proposals: notices.proposals.handler(() => this.proposed),
      list: notices.list.handler(() => listNotices(this)), get: notices.get.handler(({ input }) => noticeOf(this.#desk(), input.id)), desk: notices.desk.handler(() => deskState(this.#desk())),
      contacts: notices.contacts.handler(async ({ input }) => contactsFor(await desk(), input.subject)),
      preview: notices.preview.handler(async ({ input }) => write(await desk(), input, false)),
      draft: notices.draft.handler(async ({ input }) => write(await desk(), input, true)),
      send: notices.send.handler(async ({ input }) => send(await desk(), input.id, input.holdMs)),
      reopen: notices.reopen.handler(({ input }) => reopen(this, input.id)),
      cancel: notices.cancel.handler(({ input }) => cancel(this, input.id)),
      templates: {
        list: notices.templates.list.handler(() => this.templates.list()),
        set: notices.templates.set.handler(({ input }) => setTemplate(this, input.kind, input.text)),
        preview: notices.templates.preview.handler(async ({ input }) => previewTemplate(await desk(), input.kind, input.text)),
        restore: notices.templates.restore.handler(({ input }) => restoreTemplate(this, input.kind)),
      },
    }
  }
}
