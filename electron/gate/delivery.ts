/**
 * One client's way to the mail server: a backend connection opened when the first recipient passes, kept for later
 * transactions, dropped without a dot when a message must not arrive. Promises: a "yes" only on the backend's own, and
 * whatever goes wrong otherwise is "later"; nothing here rejects for a backend's failure.
 */
import { visible } from '../../shared/smtp/octets.ts'
import { NO_BACKEND, relayed } from '../../shared/smtp/reply.ts'
import type { Relayed } from '../../shared/smtp/reply.ts'
import type { BackendOutcome, BackendPort, BackendSession, ClientIdentity } from '../ports.ts'

type Opened = { readonly kind: 'open' } | { readonly kind: 'refused'; readonly reply: Relayed }

export class Delivery {
  readonly #backend: BackendPort
  readonly #note: (who: 'backend' | 'note', text: string) => void
  #session: BackendSession | null = null
  /** The name that the backend connection was opened with. */
  #ehlo: string | null = null
  /** MAIL of the transaction under way, and what became of it at the backend; null: not said yet. */
  #mail: { readonly sender: string; readonly parameters: readonly string[] } = { sender: '', parameters: [] }
  #opened: Opened | null = null
  #resetting: Promise<void> | null = null
  #over = false
  /** Recipients the backend took in this transaction. */
  accepted: string[] = []

  constructor(backend: BackendPort, note: (who: 'backend' | 'note', text: string) => void) {
    this.#backend = backend
    this.#note = note
  }

  begin(sender: string, parameters: readonly string[]): void {
    this.#mail = { sender, parameters }
    this.accepted = []
  }

  async recipient(identity: ClientIdentity, path: string, parameters: readonly string[]): Promise<Relayed> {
    this.#opened ??= await this.#open(identity)
    if (this.#opened.kind === 'refused') return this.#opened.reply
    const session = this.#session
    if (session === null) return NO_BACKEND
    const answer = this.#understood(await session.rcpt(path, parameters), '2xx')
    if (answer.kind === 'yes') this.accepted.push(path)
    return answer
  }

  async data(): Promise<Relayed> {
    return this.#session === null ? NO_BACKEND : this.#understood(await this.#session.data(), '354')
  }

  /** Dot-stuffed wire octets. False: wait for `drained`. */
  write(wire: Uint8Array): boolean {
    return this.#session?.write(wire) ?? true
  }

  async drained(): Promise<void> {
    await this.#session?.drained()
  }

  async finish(): Promise<Relayed> {
    if (this.#session === null) return NO_BACKEND
    const answer = this.#understood(await this.#session.finish(), '2xx')
    this.#opened = null
    return answer
  }

  /** Takes the transaction back; what comes next waits for it. `abort`: without a dot, by dropping the connection. */
  forget(abort: boolean): void {
    const begun = this.#opened !== null
    this.#opened = null
    this.accepted = []
    if (abort) this.#drop()
    else if (begun && this.#session !== null) this.#resetting = this.#reset(this.#session)
  }

  async #reset(session: BackendSession): Promise<void> {
    const outcome = await session.rset()
    if (outcome.kind === 'failed' || outcome.reply.code !== 250) this.#drop()
  }

  /** The client is gone: QUIT if the backend owes nothing, else drop. */
  end(): void {
    this.#over = true
    if (this.#opened === null) this.#session?.quit()
    else this.#session?.abort()
    this.#session = null
  }

  async #open(identity: ClientIdentity): Promise<Opened> {
    await this.#resetting
    this.#resetting = null
    if (this.#session !== null && this.#ehlo !== identity.ehlo) {
      this.#session.quit()
      this.#session = null
    }
    const reused = this.#session !== null
    const first = await this.#mailOn(await this.#connected(identity))
    // A connection kept from the last transaction may have gone stale: one more try on a fresh one.
    if (reused && this.#session === null && !this.#over) return this.#mailOn(await this.#connected(identity))
    return first
  }

  async #mailOn(session: BackendSession | null): Promise<Opened> {
    if (session === null) return { kind: 'refused', reply: NO_BACKEND }
    const reply = this.#understood(await session.mail(this.#mail.sender, this.#mail.parameters), '2xx')
    return reply.kind === 'yes' ? { kind: 'open' } : { kind: 'refused', reply }
  }

  async #connected(identity: ClientIdentity): Promise<BackendSession | null> {
    if (this.#session !== null) return this.#session
    const connection = await this.#backend.connect(identity)
    if (connection.kind === 'failed') {
      this.#note('note', `mail server not reached: ${visible(connection.why)}`)
      return null
    }
    if (this.#over) {
      connection.session.abort()
      return null
    }
    this.#session = connection.session
    this.#ehlo = identity.ehlo
    return connection.session
  }

  #understood(outcome: BackendOutcome, positive: '2xx' | '354'): Relayed {
    if (outcome.kind === 'failed') {
      this.#note('note', `mail server failed: ${visible(outcome.why)}`)
      this.#drop()
      return NO_BACKEND
    }
    const { code, enhanced, text } = outcome.reply
    this.#note('backend', visible(`${code} ${enhanced === null ? '' : `${enhanced} `}${text}`))
    if (code === 421) this.#drop()
    return relayed(outcome.reply, positive)
  }

  /** After this the transaction can only be refused. */
  #drop(): void {
    this.#session?.abort()
    this.#session = null
    if (this.#opened?.kind === 'open') this.#opened = { kind: 'refused', reply: NO_BACKEND }
  }
}
