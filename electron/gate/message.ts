/**
 * A message on its way through: read from the client, stripped of forged results, headed by the trace and handed to the
 * backend as it comes. Promises: nothing of a chunk with a fault is handed on; a message over a limit is dropped at the
 * backend at once, without a dot, and read to its end only within bounds.
 */
import { DataReader } from '../../shared/smtp/data.ts'
import type { DataEvent, Excess } from '../../shared/smtp/data.ts'
import { textOctets } from '../../shared/smtp/octets.ts'
import { createHeaderFilter, traceHeaders } from '../../shared/smtp/trace.ts'
import type { TraceInput } from '../../shared/smtp/trace.ts'
import type { Delivery } from './delivery.ts'

/** What is read and dropped of a message over its limit before the connection is ended, octets. */
const MAX_DROPPED = 67_108_864

export class Message {
  readonly #delivery: Delivery
  readonly #reader: DataReader
  readonly #filter: ReturnType<typeof createHeaderFilter>
  #droppedFrom = 0
  /** The backend does not take more for now: wait for `drained`. */
  stalled = false

  /** `limit`: octets. */
  constructor(delivery: Delivery, limit: number, trace: TraceInput) {
    this.#delivery = delivery
    this.#reader = new DataReader(limit)
    this.#filter = createHeaderFilter(trace.hostname)
    this.#pass(textOctets(traceHeaders(trace)))
  }

  get octets(): number {
    return this.#reader.octets
  }

  get next(): number {
    return this.#reader.next
  }

  get excess(): Excess | null {
    return this.#reader.excess
  }

  /** `endless`: over the limit, and still no end. */
  read(chunk: Uint8Array, at: number): DataEvent | 'endless' {
    const pieces: Uint8Array[] = []
    const outcome = this.#reader.read(chunk, at, (wire) => pieces.push(wire))
    if (outcome !== 'more' && outcome !== 'end') {
      this.#delivery.forget(true)
      return outcome
    }
    if (this.excess !== null) {
      if (this.#droppedFrom === 0) {
        this.#droppedFrom = this.octets
        this.#delivery.forget(true)
      }
      return outcome === 'more' && this.octets - this.#droppedFrom > MAX_DROPPED ? 'endless' : outcome
    }
    for (const wire of pieces) this.#pass(this.#filter.push(wire))
    if (outcome === 'end') this.#pass(this.#filter.end())
    return outcome
  }

  async drained(): Promise<void> {
    await this.#delivery.drained()
    this.stalled = false
  }

  #pass(wire: Uint8Array): void {
    if (wire.length > 0 && !this.#delivery.write(wire)) this.stalled = true
  }
}
