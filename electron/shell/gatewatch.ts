/** Follows a gate's state and its automatic bans through its API, wherever it runs, until the line breaks or `signal` aborts. */
import type { ContractRouterClient } from '@orpc/contract'
import type { api } from '../../shared/api.ts'
import type { GateState } from '../../shared/api.ts'

export type GateClient = ContractRouterClient<typeof api>

export interface GateEars {
  state(state: GateState): void
  /** So many automatic bans came. */
  banned(count: number): void
}

const HEARTBEAT_MS = 15_000
const ANSWER_MS = 10_000

/** Settles when nothing more is heard; never rejects. */
export async function followGate(client: GateClient, ears: GateEars, signal: AbortSignal): Promise<void> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  // A gate whose process is stopped keeps its connections: it must be asked.
  const heartbeat = setInterval(() => {
    client.state.get(undefined, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => ended.abort())
  }, HEARTBEAT_MS)
  const aborted = new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }))
  const states = async () => {
    for await (const state of await client.state.watch(undefined, { signal: either })) if (!either.aborted) ears.state(state)
  }
  const bans = async () => {
    for await (const { stage, put } of await client.ruleWork.watch(undefined, { signal: either })) {
      const count = stage === 'change' ? put.filter(({ kind, by, hits }) => kind === 'ban' && by === 'auto' && hits === 0).length : 0
      if (count > 0 && !either.aborted) ears.banned(count)
    }
  }
  await Promise.race([states().catch(() => undefined), bans().catch(() => undefined), aborted])
  clearInterval(heartbeat)
  ended.abort()
}
