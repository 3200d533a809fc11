/** The double's share of what-if, the card and the wizard: nothing was observed, nothing is answered. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { GoLiveView } from '../../shared/api/golive.ts'
import type { Card, Would, WouldHaveDone } from '../../shared/api/whatif.ts'
import { EMPTY_DRAFT } from '../../shared/golive.ts'
import type { GoLiveDraft } from '../../shared/golive.ts'

const NONE = { sessions: 0, senders: 0 }
const NOTHING: Would = { accept: NONE, reject: NONE, tempfail: NONE, correspondents: 0 }

/** `said`: what a test wants to be answered. */
export function whatIfDouble(said: { wouldHave?: WouldHaveDone; card?: Card } = {}) {
  const os = implement(api).whatIf
  const card = (): Card => said.card ?? { kind: 'off' }
  return {
    run: os.run.handler(() => nothing()),
    wouldHave: os.wouldHave.handler((): WouldHaveDone => said.wouldHave ?? { day: 'today', sessions: 0, judged: 0, rules: 'house', sets: { house: NOTHING, standard: NOTHING, lenient: NOTHING } }),
    card: os.card.handler(card),
    later: os.later.handler(card),
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream that ends at once
async function* nothing(): AsyncGenerator<never, void, void> {
  return
}

/** The wizard: its answers are kept, its tests find nothing, and going live is told to the caller. */
export function goLiveDouble(live: () => void = () => undefined) {
  const os = implement(api).goLive
  let draft: GoLiveDraft = { ...EMPTY_DRAFT, hostname: 'mx.shop.example' }
  return {
    get: os.get.handler((): GoLiveView => ({ draft, tests: {}, revision: 'r1', file: '/data/porch.json', input: {}, practice: true, canRestart: true, here: { hostname: 'mx.shop.example', addresses: ['192.0.2.25'] } })),
    keep: os.keep.handler(({ input }) => {
      draft = input.draft
      return { ok: true as const }
    }),
    test: os.test.handler(() => ({ findings: [], others: [], tested: '' })),
    apply: os.apply.handler(() => {
      live()
      return { ok: true as const, changes: [], backup: null, restarting: false, todo: null }
    }),
    check: os.check.handler(() => ({ findings: [] })),
    restart: os.restart.handler(() => ({ ok: true as const })),
  }
}
