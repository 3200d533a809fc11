/**
 * One SMTP connection: feeds what the socket brings to the readers and to `step`, and performs its effects with DNS,
 * lists and the backend. Promises: memory stays flat whatever the client pipelines, each session is recorded once, and
 * an exception ends this session with 421 and nothing else.
 */
import type { SessionRecord } from '../../shared/events.ts'
import { REPLIES } from '../../shared/smtp/codes.ts'
import type { Reply } from '../../shared/smtp/codes.ts'
import { readCommand } from '../../shared/smtp/command.ts'
import type { Effect, Event, Mark, Session } from '../../shared/smtp/dialogue.ts'
import { NEW_SESSION } from '../../shared/smtp/dialogue.ts'
import { LineReader } from '../../shared/smtp/lines.ts'
import { utf8Text, visible } from '../../shared/smtp/octets.ts'
import { step } from '../../shared/smtp/session.ts'
import { Delivery } from './delivery.ts'
import type { Examination, Greeted } from './examination.ts'
import { Facts, FAULTS } from './facts.ts'
import type { Who } from './facts.ts'
import { sayFarewell } from './farewell.ts'
import type { House } from './house.ts'
import { Message } from './message.ts'
import { Patience } from './patience.ts'
import { sizeLimit } from './terms.ts'
import type { Watched } from './watch.ts'
import { Wire } from './wire.ts'
import type { WireOwner } from './wire.ts'
import type { Socket } from 'node:net'

/** The banner comes this long after the accept (RELIABILITY: at least 20 ms; timers may be a little early). */
const BANNER_MS = 22

export class Connection implements WireOwner, Watched {
  readonly #id: string
  /** Under which the client's connections are counted. */
  readonly scope: string
  readonly #house: House
  readonly #exam: Examination
  readonly #facts: Facts
  readonly #wire: Wire
  readonly #lines = new LineReader()
  #delivery: Delivery | null = null
  readonly #patience: Patience
  #session: Session = NEW_SESSION
  #message: Message | null = null
  #utf8 = false
  /** Before the banner; serving; waiting for a handshake, or for the name that may save a banned client; over. */
  #stage: 'silent' | 'serving' | 'held' | 'over' = 'silent'
  #stopping = false
  #pumping = false

  constructor(house: House, socket: Socket, who: Who, scope: string, exam: Examination) {
    this.#house = house
    this.#id = who.id
    this.scope = scope
    this.#exam = exam
    this.#facts = new Facts(who, exam, house.deps.clock)
    this.#patience = new Patience(house.watch.now())
    this.#wire = new Wire(socket, this)
  }

  /** `leftover`: octets that came with a PROXY header; they are early. */
  start(leftover: Uint8Array | null): void {
    this.#house.watch.add(this)
    if (leftover !== null) {
      this.#wire.chunk = leftover
      return this.onReady()
    }
    // The immediate lets the event loop see what has arrived before the banner is due.
    setTimeout(() => setImmediate(() => { this.#greet() }), BANNER_MS)
  }

  /** Ends a connection that may not even be greeted: over a limit, or banned with its name unknown for now. */
  turnAway(reply: Reply, mark: Mark): void {
    this.#house.watch.add(this)
    this.#run({ kind: 'end', reply, mark })
  }

  /** SIGTERM. */
  stop(): void {
    this.#stopping = true
    if (this.#stage === 'silent') return this.#run({ kind: 'end', reply: REPLIES.shuttingDown, mark: null })
    if (this.#stage === 'serving') this.#run({ kind: 'stop' })
  }

  /** What is still under way when the grace is over. */
  drop(): void {
    this.#run({ kind: 'end', reply: REPLIES.shuttingDown, mark: null })
  }

  check(now: number): void {
    switch (this.#patience.check(now, this.#house.underLoad())) {
      case 'patient': return
      case 'slow': return this.#run({ kind: 'end', reply: REPLIES.tooSlow, mark: null })
      case 'stuck': return this.#run({ kind: 'end', reply: REPLIES.ownTrouble, mark: null })
      case 'deaf': this.#wire.socket.destroy()
    }
  }

  /** From MAIL to the reply to the dot. */
  isInTransaction(): boolean { return this.#stage !== 'over' && (this.#message !== null || ['mail', 'rcpt', 'data'].includes(this.#session.phase)) }

  /** No client, but this process at its own door. */
  isOwnProbe(): boolean { return this.#facts.isOwnProbe() }

  /** The session as it stands now. */
  record(): SessionRecord { return this.#facts.record() }

  // ------------------------------------------------------------ input

  #greet(): void {
    if (this.#stage !== 'silent') return
    this.#stage = 'serving'
    this.#say(this.#house.context().banner)
    this.#patience.wait('command', this.#house.watch.now())
    this.onReady()
  }

  onReady(): void {
    if (this.#pumping || this.#stage === 'over' || this.#stage === 'held') return
    this.#pumping = true
    try {
      while (this.#mayConsume()) this.#consume()
    } catch (error) {
      this.#trouble(error)
    } finally {
      this.#pumping = false
    }
    this.#settle()
  }

  #mayConsume(): boolean {
    if (this.#wire.chunk === null || this.#stage === 'over' || this.#stage === 'held') return false
    return this.#session.awaiting === null && !this.#wire.blocked && this.#message?.stalled !== true
  }

  /** After a burst: says what is to be said, reads on or not, and sees whether the client has left. */
  #settle(): void {
    if (this.#stage === 'over' || this.#stage === 'held') return
    this.#wire.flush()
    this.#wire.flow()
    this.#patience.deaf(this.#wire.blocked, this.#house.watch.now())
    const idle = this.#wire.chunk === null && this.#session.awaiting === null && this.#message?.stalled !== true
    if ((this.#wire.ended || this.#wire.gone) && idle) this.#close()
  }

  #consume(): void {
    const { chunk, at } = this.#wire
    if (chunk === null) return
    if (this.#stage === 'silent') return this.#apply({ kind: 'end', reply: REPLIES.earlyTalk, mark: 'rejected' })
    if (this.#message !== null) return this.#consumeData(this.#message, chunk, at)
    const event = this.#lines.read(chunk, at)
    this.#wire.consumed(this.#lines.next)
    switch (event.kind) {
      case 'more':
        return
      case 'line':
        return this.#onLine(event.text)
      case 'fault': case 'too-long': case 'endless':
        return this.#onFault(event.kind === 'fault' ? event.fault : event.kind)
    }
  }

  #onLine(text: string): void {
    this.#patience.heard(this.#house.watch.now())
    this.#facts.note('client', visible(text))
    const command: Event = { kind: 'command', command: readCommand(text, this.#house.terms().offered, this.#session.utf8) }
    if (this.#exam.bannedMeanwhile(this.#house.rulesVersion())) return this.#onBanned(command)
    this.#apply(command)
  }

  /** The whitelist beats the ban also where it names what is not looked up yet: then the command waits for that. */
  #onBanned(command: Event): void {
    const named = this.#exam.passesByName()
    if (named === null) return this.#apply({ kind: 'end', reply: REPLIES.nowBanned, mark: 'banned' })
    this.#stage = 'held'
    this.#patience.wait('answer', this.#house.watch.now())
    this.#after(named, (outcome) => {
      this.#stage = 'serving'
      if (outcome !== 'passes') return { kind: 'end', reply: outcome === 'pending' ? REPLIES.dnsTemporaryClose : REPLIES.nowBanned, mark: 'banned' }
      return this.#stopping ? { kind: 'stop' } : command
    })
  }

  #onFault(fault: (Event & { kind: 'fault' })['fault']): void {
    this.#facts.note('note', `the client sent ${FAULTS[fault]}`)
    this.#apply({ kind: 'fault', fault })
  }

  #consumeData(message: Message, chunk: Uint8Array, at: number): void {
    const outcome = message.read(chunk, at)
    this.#facts.ledger.bytes(message.octets)
    this.#patience.received(message.octets)
    this.#wire.consumed(message.next)
    if (outcome === 'more') {
      if (message.stalled) this.#awaitDrain(message)
      return
    }
    this.#message = null
    if (outcome === 'end') return this.#apply({ kind: 'dot', excess: message.excess })
    if (outcome === 'endless') return this.#apply({ kind: 'end', reply: message.excess === 'line' ? REPLIES.dataLine : REPLIES.tooBig, mark: 'rejected' })
    this.#onFault(outcome)
  }

  #awaitDrain(message: Message): void {
    this.#patience.stalled(true, this.#house.watch.now())
    this.#after(message.drained(), () => {
      this.#patience.stalled(false, this.#house.watch.now())
      return null
    })
  }

  // ------------------------------------------------------------ steps and effects

  /** An event from outside the pump. */
  #run(event: Event): void {
    if (this.#stage === 'over') return
    try {
      this.#apply(event)
    } catch (error) {
      this.#trouble(error)
    }
    this.onReady()
  }

  #apply(event: Event): void {
    const { session, effects } = step(this.#session, event, this.#house.terms())
    this.#session = session
    for (const effect of effects) this.#perform(effect)
    if (this.#stage === 'held') return
    this.#patience.wait(session.awaiting !== null ? 'answer' : this.#message === null ? 'command' : 'data', this.#house.watch.now())
  }

  /** Goes on when `promise` settles, unless the session is over by then. */
  #after<T>(promise: Promise<T>, then: (value: T) => Event | null): void {
    this.#wire.flush()
    promise.then((value) => {
      if (this.#stage === 'over') return
      const event = then(value)
      if (event === null) this.onReady()
      else this.#run(event)
    }).catch((error: unknown) => { this.#trouble(error) })
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'reply':
        this.#say(effect.lines)
        this.#facts.ledger.said(effect.lines.at(-1) ?? '', effect.mark, effect.about, this.#exam.acceptedAs())
        return this.isOwnProbe() ? undefined : this.#exam.said(effect.strike)
      case 'greet':
        return this.#onGreet(effect.name)
      case 'begin':
        this.#utf8 = effect.utf8
        this.#facts.ledger.begin(effect.sender)
        return this.#deliverer().begin(effect.sender, effect.parameters)
      case 'name':
        return this.#facts.ledger.name(effect.recipient)
      case 'rule':
        return this.#after(this.#exam.rule(), (refusal) => ({ kind: 'ruled', refusal }))
      case 'ask-recipient':
        return this.#after(this.#deliverer().recipient(this.#facts.identity(this.#protocol()), this.#house.deps.noticeMailbox?.(effect.recipient) ?? effect.recipient, effect.parameters), (reply) => ({ kind: 'backend', reply }))
      case 'ask-data':
        return this.#after(this.#deliverer().data(), (reply) => ({ kind: 'backend', reply }))
      case 'read-data':
        this.#message = this.#newMessage()
        this.#patience.message(this.#house.watch.now())
        if (this.#message.stalled) this.#awaitDrain(this.#message)
        return
      case 'finish':
        return this.#after(this.#deliverer().finish(), (reply) => ({ kind: 'backend', reply }))
      case 'forget':
        this.#message = null
        return this.#delivery?.forget(effect.abort)
      case 'start-tls':
        return this.#startTls()
      case 'close':
        return this.#close()
    }
  }

  #onGreet(octets: string): void {
    const name = utf8Text(octets) ?? octets
    this.#facts.ehlo = name
    const heard = this.#exam.greet(name)
    const event = (greeted: Greeted): Event => greeted.kind === 'greeted' ? greeted : { kind: 'end', reply: REPLIES.tooMuchJunk, mark: 'limited' }
    if (heard instanceof Promise) this.#after(heard, event)
    else this.#apply(event(heard))
  }

  #newMessage(): Message {
    const { hostname } = this.#house.context().settings
    const trace = this.#facts.trace({ hostname, protocol: this.#protocol(), smtpUtf8: this.#utf8, recipients: this.#deliverer().accepted })
    return new Message(this.#deliverer(), sizeLimit(this.#house.terms()), trace)
  }

  #startTls(): void {
    const context = this.#house.deps.certificate.context()
    if (context === null) return this.#close()
    this.#stage = 'held'
    this.#lines.reset()
    this.#patience.wait('handshake', this.#house.watch.now())
    this.#after(this.#wire.upgrade(context), (agreed) => {
      if (agreed === null) {
        this.#close()
        return null
      }
      this.#facts.tls = agreed
      this.#facts.note('note', agreed)
      this.#stage = 'serving'
      this.#patience.wait('command', this.#house.watch.now())
      return this.#stopping ? { kind: 'stop' } : null
    })
  }

  #say(lines: readonly string[]): void {
    for (const line of lines) this.#wire.say(line)
    this.#facts.note('gate', lines.length === 1 ? lines[0] ?? '' : lines)
  }

  // ------------------------------------------------------------ what is known

  #deliverer(): Delivery {
    return (this.#delivery ??= new Delivery(this.#house.deps.backend, (speaker, text) => { this.#facts.note(speaker, text) }))
  }

  #protocol(): 'SMTP' | 'ESMTP' {
    return this.#session.esmtp ? 'ESMTP' : 'SMTP'
  }

  // ------------------------------------------------------------ ends

  onGone(): void {
    // A message whose dot is on its way to the backend may be delivered: its fate belongs into the record.
    if (this.#session.awaiting === 'dot' && this.#stage === 'serving') {
      this.#facts.note('note', 'the client left before the reply to its dot')
      this.#wire.chunk = null
      return
    }
    this.#close()
  }

  #trouble(error: unknown): void {
    this.#house.trouble(error, this.#id)
    if (this.#stage === 'over') return
    this.#say([`421 4.3.0 ${REPLIES.ownTrouble.text}`])
    this.#delivery?.forget(true)
    this.#close()
  }

  #close(): void {
    if (this.#stage === 'over') return
    this.#stage = 'over'
    const { socket, last } = this.#wire.release()
    sayFarewell(socket, last, this.#house)
    this.#house.watch.delete(this)
    this.#house.left(this)
    this.#delivery?.end()
    if (this.#exam.bannedMeanwhile(this.#house.rulesVersion())) this.#facts.ledger.banned()
    this.#facts.end()
    if (this.isOwnProbe()) this.#exam.stop()
    else this.#house.finished(this.#exam, () => this.#facts.entry(), this.#id)
  }
}
