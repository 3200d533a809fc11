/** The operations of a running gate, over its API (shared/api.ts) by HTTP with its token. */
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { api, LiveBatch } from '../../shared/api.ts'
import type { WhatIfReport } from '../../shared/api/whatif.ts'
import type { DoctorReport } from '../../shared/doctor/report.ts'
import type { SessionRecord } from '../../shared/events.ts'
import type { Announcement } from '../console/announce.ts'
import type { SessionFilter } from '../ports.ts'
import { Failure } from './failure.ts'
import { eachPiece } from './operations.ts'
import type { Operations } from './operations.ts'

type Client = ContractRouterClient<typeof api>

/** How long `porch notice --send` waits for the submission server, and how often it looks. */
const SENDING_MS = 60_000
const LOOK_MS = 200
const HELLO_MS = 5000
/** What one call of the API may ask for. */
const PAGE = 10_000

export function clientOf({ url, token }: Announcement): Client {
  const link = new RPCLink({ url: `${url}/rpc`, headers: { authorization: `Bearer ${token}` } })
  return createORPCClient(link)
}

/**
 * Null if nothing answers there any more (a gate that was killed, its pid now another's). Throws if what answers refuses, or is no gate
 * at all: reach.ts decides which.
 */
export async function openRemote(gate: Announcement): Promise<Operations | null> {
  const client = clientOf(gate)
  try {
    const state: unknown = await client.state.get(undefined, { signal: AbortSignal.timeout(HELLO_MS) })
    if (typeof state !== 'object' || state === null || !('version' in state)) return null
  } catch (error) {
    if (error instanceof ORPCError) throw failureOf(error)
    return null
  }
  return {
    gate: true,
    sessions: (filter) => told(() => pages(client, filter)),
    log: (filter) => told(() => client.sessions.log(filter)),
    rules: () => told(() => client.rules.list()),
    addRule: (input) => told(() => client.rules.add(input)),
    removeRule: (kind, scope) => told(() => client.rules.remove({ kind, scope })),
    importRules: (listed) => told(() => eachPiece(listed, (piece) => client.rules.import({ rules: piece }))),
    whatIf: (asked, onProgress) => told(() => lastOf(client, asked, onProgress)),
    writeNotice: (request, keep) => told(() => (keep ? client.notices.draft(request) : client.notices.preview(request))),
    sendNotice: (id) => told(() => sent(client, id)),
    forget: (address, onProgress) => told(() => forgotten(client, address, onProgress)),
    setMode: (mode, forMs) => told(() => client.mode.set({ mode, forMs })),
    backup: (file) => told(() => client.backup({ file })),
    close: () => Promise.resolve(),
  }
}

/** Waits for what becomes of it, for a while. */
async function sent(client: Client, id: string): ReturnType<Operations['sendNotice']> {
  const queued = await client.notices.send({ id })
  if (!queued.ok) {
    await client.notices.cancel({ id })
    return queued
  }
  for (const until = performance.now() + SENDING_MS; performance.now() < until;) {
    const found = await client.notices.get({ id })
    // Queued with a failed try behind it: the gate goes on trying by itself.
    if (found !== null && !(found.notice.state === 'sending' || (found.notice.state === 'queued' && found.notice.tries === 0))) return { ok: true, notice: found.notice }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return queued
}

async function pages(client: Client, filter: SessionFilter): Promise<readonly SessionRecord[]> {
  const found: SessionRecord[] = []
  for (;;) {
    const limit = Math.min(PAGE, filter.limit - found.length)
    const before = found.at(-1)?.id
    const page = await client.sessions.list({ ...filter, ...(before === undefined ? {} : { before }), limit })
    found.push(...page)
    if (page.length < limit || found.length >= filter.limit) return found
  }
}

async function lastOf(client: Client, asked: Parameters<Operations['whatIf']>[0], onProgress: Parameters<Operations['whatIf']>[1]): Promise<WhatIfReport> {
  for await (const event of await client.whatIf.run(asked)) {
    if (event.kind === 'result') return event.report
    onProgress(event.done, event.total)
  }
  throw new Error('it ended without an answer')
}

async function forgotten(client: Client, address: string, onProgress: Parameters<Operations['forget']>[1]): ReturnType<Operations['forget']> {
  for await (const event of await client.privacy.forget({ address })) {
    switch (event.kind) {
      case 'progress':
        onProgress(event.done, event.total)
        break
      case 'result': return event.forgotten
      case 'refused': throw new Error(event.problem)
    }
  }
  throw new Error('it ended without an answer')
}

/** A round of the running gate's doctor. */
export async function doctorOf(gate: Announcement): Promise<DoctorReport> {
  const client = clientOf(gate)
  return told(async () => {
    for await (const step of await client.doctor.run()) {
      if (step.kind === 'done') return step.report
      if (step.kind === 'failed') throw new Error(step.problem)
    }
    throw new Error('it ended without an answer')
  })
}

/** Live batches until the stream ends; throws when the connection is lost. */
export async function* liveBatches(gate: Announcement, signal: AbortSignal): AsyncGenerator<LiveBatch> {
  for await (const batch of await clientOf(gate).sessions.live(undefined, { signal })) yield batch
}

async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw failureOf(error)
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError && error.status === 401) return new Failure('the gate does not take the token in gate.json; is another gate at its address?')
  return new Failure(`the running gate could not do it: ${error instanceof Error ? error.message : String(error)}`)
}
