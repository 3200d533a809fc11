/** The double's share of what-if, the card and the wizard: nothing was observed, nothing is answered. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { Card, Would, WouldHaveDone } from '../../shared/api/whatif.ts'

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
