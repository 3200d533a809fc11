/**
 * The SMTP dialogue as a transition table (RFC 5321 §4.1.4) and a pure step: what a command, an answer or an event means
 * in a session, and what is to be done about it. Sockets, DNS, lists and the backend are somewhere else: they perform the
 * effects and report with further events. While `awaiting` is set no command may be stepped.
 */
import type { Reply } from './codes.ts'
import { REPLIES } from './codes.ts'
import type { Command } from './command.ts'
import type { Excess } from './data.ts'
import type { Effect, Event, Mark, Refusal, Session, Step, Terms } from './dialogue.ts'
import type { OctetFault } from './lines.ts'
import type { Relayed } from './reply.ts'
import { ehloLines, replyLine } from './reply.ts'
import { ORDER, ORDER_REPLIES } from './table.ts'

/** Commands that deliver nothing; a client may send 100 (RELIABILITY). */
const MAX_JUNK = 100
/** Recipients refused on one connection before it is ended, as a multiple of `limits.recipients`. */
const REFUSED_RECIPIENTS = 10

/** One event. When the gate is being stopped, a session that has no transaction under way any more ends. */
export function step(session: Session, event: Event, terms: Terms): Step {
  const next = react(session, event, terms)
  if (!next.session.stopping || next.session.awaiting !== null || (next.session.phase !== 'start' && next.session.phase !== 'ready')) return next
  const last = end(next.session, REPLIES.shuttingDown, null)
  return { session: last.session, effects: [...next.effects, ...last.effects] }
}

function react(session: Session, event: Event, terms: Terms): Step {
  if (session.phase === 'over') return { session, effects: [] }
  switch (event.kind) {
    case 'command':
      return onCommand(session, event.command, terms)
    case 'fault':
      return onFault(session, event.fault, terms)
    case 'greeted':
      return onGreeted(session, event, terms)
    case 'ruled':
      return onRuled(session, event.refusal)
    case 'backend':
      return onBackend(session, event.reply)
    case 'dot':
      return onDot(session, event.excess)
    case 'stop':
      return onStop(session)
    case 'end':
      return end(session, event.reply, event.mark)
  }
}

// ---------------------------------------------------------------- commands

function onCommand(session: Session, command: Command, terms: Terms): Step {
  if (session.phase === 'data' || session.phase === 'over' || session.awaiting !== null) return { session, effects: [] }
  if (command.kind === 'http') return end(session, REPLIES.http, 'rejected')
  if (command.kind === 'proxy') return end(session, REPLIES.earlyTalk, 'rejected')
  if (command.kind === 'unknown') return wrong(session, command.reply, terms)
  const allowed = ORDER[session.phase][command.verb]
  // A pipelining client says DATA before it knows that all its recipients were refused: no error of its own.
  if (allowed === 'no recipients' && session.named > 0) return { session, effects: [reply(REPLIES.allRefused, null)] }
  if (allowed !== 'go') return wrong(session, ORDER_REPLIES[allowed], terms)
  if (command.kind === 'malformed') return wrong(session, command.reply, terms)
  switch (command.kind) {
    case 'greet':
      return onGreet(session, command.verb, command.name)
    case 'mail':
      return onMail(session, command, terms)
    case 'rcpt':
      return onRcpt(session, command, terms)
    case 'plain':
      return onPlain(session, command.verb, terms)
  }
}

function onGreet(session: Session, verb: 'EHLO' | 'HELO', name: string): Step {
  const again = session.greetings > 0
  if (again && session.junk >= MAX_JUNK) return end(session, REPLIES.tooMuchJunk, 'limited')
  const fresh = forgotten(session, false)
  const next = { ...fresh.session, awaiting: 'greeting', greetings: session.greetings + 1, junk: session.junk + (again ? 1 : 0), esmtp: verb === 'EHLO' } as const
  return { session: next, effects: [...fresh.effects, { do: 'greet', verb, name }] }
}

function onMail(session: Session, command: Command & { kind: 'mail' }, terms: Terms): Step {
  if (session.stopping) return end(session, REPLIES.shuttingDown, null)
  if (session.messages >= terms.limits.messages) return end(session, REPLIES.tooManyMessages, 'limited')
  const begin: Effect = { do: 'begin', sender: command.path, parameters: command.parameters, utf8: command.smtpUtf8 }
  const counted = { ...session, messages: session.messages + 1 }
  if (session.refusal !== null) return { session: counted, effects: [begin, refuse(session.refusal, 'transaction'), { do: 'forget', abort: false }] }
  const limit = terms.offeredSize === null || terms.offeredSize === 0 ? terms.limits.messageBytes : terms.offeredSize
  if (command.size !== null && command.size > limit) {
    return { session: counted, effects: [begin, reply(REPLIES.tooBig, 'rejected', 'transaction'), { do: 'forget', abort: false }] }
  }
  return {
    session: { ...counted, phase: 'mail', utf8: command.smtpUtf8, accepted: 0, named: 0 },
    effects: [begin, reply(REPLIES.senderOk, null, 'transaction')],
  }
}

function onRcpt(session: Session, command: Command & { kind: 'rcpt' }, terms: Terms): Step {
  const { path, parameters } = command
  if (session.refused >= terms.limits.recipients * REFUSED_RECIPIENTS) return end(session, REPLIES.tooManyErrors, 'limited')
  const name: Effect = { do: 'name', recipient: path }
  const named = { ...session, named: session.named + 1 }
  const refused = { ...named, refused: session.refused + 1 }
  const kind = terms.classify(path)
  if (kind === 'relay') return { session: refused, effects: [name, reply(REPLIES.relay, 'rejected', 'recipient')] }
  if (session.accepted >= terms.limits.recipients) {
    return { session: refused, effects: [name, reply(REPLIES.tooManyRecipients, 'deferred', 'recipient')] }
  }
  const always = kind === 'always' && terms.rejectAt === 'rcpt'
  return { session: { ...named, awaiting: 'ruling', asking: { path, parameters, always } }, effects: [name, { do: 'rule', recipient: path }] }
}

function onPlain(session: Session, verb: (Command & { kind: 'plain' })['verb'], terms: Terms): Step {
  switch (verb) {
    case 'DATA':
      return { session: { ...session, awaiting: 'data' }, effects: [{ do: 'ask-data' }] }
    case 'QUIT':
      return end(session, REPLIES.closing, null)
    case 'STARTTLS':
      return onStartTls(session, terms)
    case 'EXPN':
      return wrong(session, REPLIES.notImplemented, terms)
    case 'RSET': {
      const fresh = forgotten(session, false)
      return junk(fresh.session, [...fresh.effects, reply(REPLIES.ok, null)])
    }
    case 'NOOP':
      return junk(session, [reply(REPLIES.ok, null)])
    case 'VRFY':
      return junk(session, [reply(REPLIES.cannotVerify, null)])
    case 'HELP':
      return junk(session, [reply(REPLIES.help, null)])
  }
}

/** RFC 3207 §4.2: the session starts afresh; what was counted and judged stands (POLICY: the worst verdict stands). */
function onStartTls(session: Session, terms: Terms): Step {
  if (session.tls) return wrong(session, REPLIES.tlsAlready, terms)
  if (!terms.startTls) return wrong(session, REPLIES.tlsUnavailable, terms)
  return {
    session: { ...session, phase: 'start', tls: true, esmtp: false, utf8: false },
    effects: [reply(REPLIES.startTls, null), { do: 'start-tls' }],
  }
}

/** An answer that counts as an error; one more than `limits.errors` ends the connection. */
function wrong(session: Session, answer: Reply, terms: Terms): Step {
  if (session.errors >= terms.limits.errors) return end(session, REPLIES.tooManyErrors, 'limited')
  return { session: { ...session, errors: session.errors + 1 }, effects: [reply(answer, null)] }
}

function junk(session: Session, effects: readonly Effect[]): Step {
  if (session.junk >= MAX_JUNK) return end(session, REPLIES.tooMuchJunk, 'limited')
  return { session: { ...session, junk: session.junk + 1 }, effects }
}

// ---------------------------------------------------------------- answers

function onGreeted(session: Session, answer: { readonly refusal: Refusal | null; readonly malformed: boolean }, terms: Terms): Step {
  const greeted: Session = { ...session, awaiting: null, phase: 'ready', refusal: answer.malformed ? null : answer.refusal }
  if (answer.refusal === null) {
    const lines = session.esmtp ? ehloResponse(session, terms) : [`250 ${terms.hostname}`]
    return { session: greeted, effects: [{ do: 'reply', lines, mark: null, about: 'connection' }] }
  }
  const refused = refuse(answer.refusal, 'connection')
  if (!answer.malformed) return { session: greeted, effects: [refused] }
  if (session.errors >= terms.limits.errors) return end(greeted, REPLIES.tooManyErrors, 'limited')
  return { session: { ...greeted, errors: session.errors + 1 }, effects: [refused] }
}

/** The same lines for all sessions under the same terms: ten thousand transcripts share them. */
const responses = { clear: new WeakMap<Terms, readonly string[]>(), secure: new WeakMap<Terms, readonly string[]>() }

function ehloResponse(session: Session, terms: Terms): readonly string[] {
  const known = session.tls ? responses.secure : responses.clear
  const lines = known.get(terms) ?? ehloLines(terms.hostname, keywords(session, terms))
  known.set(terms, lines)
  return lines
}

/** RELIABILITY: ours, and what the backend has. Never CHUNKING, AUTH, XCLIENT. */
function keywords(session: Session, terms: Terms): string[] {
  const { offered, offeredSize } = terms
  return [
    'PIPELINING',
    ...(offeredSize === null ? [] : [`SIZE ${offeredSize}`]),
    ...(terms.startTls && !session.tls ? ['STARTTLS'] : []),
    'ENHANCEDSTATUSCODES',
    ...(offered.eightBitMime ? ['8BITMIME'] : []),
    ...(offered.smtpUtf8 ? ['SMTPUTF8'] : []),
    ...(offered.dsn ? ['DSN'] : []),
  ]
}

function onRuled(session: Session, refusal: Refusal | null): Step {
  const { asking } = session
  if (asking === null) return { session, effects: [] }
  if (refusal !== null && !asking.always) {
    return { session: { ...session, awaiting: null, asking: null, refused: session.refused + 1 }, effects: [refuse(refusal, 'recipient')] }
  }
  return { session: { ...session, awaiting: 'recipient' }, effects: [{ do: 'ask-recipient', recipient: asking.path, parameters: asking.parameters }] }
}

function onBackend(session: Session, answer: Relayed): Step {
  const mark: Mark = answer.kind === 'yes' ? null : answer.kind === 'later' ? 'deferred' : 'bounced'
  const said = (about: 'recipient' | 'transaction' | 'dot', meaning: Mark): Effect => ({ do: 'reply', lines: [answer.line], mark: meaning, about })
  const free = { ...session, awaiting: null, asking: null }
  switch (session.awaiting) {
    case 'recipient':
      if (answer.kind !== 'yes') return { session: { ...free, refused: session.refused + 1 }, effects: [said('recipient', mark)] }
      return { session: { ...free, phase: 'rcpt', accepted: session.accepted + 1 }, effects: [said('recipient', null)] }
    case 'data':
      if (answer.kind === 'yes') return { session: { ...free, phase: 'data' }, effects: [said('transaction', null), { do: 'read-data' }] }
      return closedTransaction(free, [said('transaction', mark)])
    case 'dot':
      return closedTransaction(free, [said('dot', answer.kind === 'yes' ? 'delivered' : mark)], 'finished')
    case 'greeting':
    case 'ruling':
    case null:
      return { session, effects: [] }
  }
}

function onDot(session: Session, excess: Excess | null): Step {
  if (excess === null) return { session: { ...session, awaiting: 'dot' }, effects: [{ do: 'finish' }] }
  return closedTransaction(session, [reply(excess === 'size' ? REPLIES.tooBig : REPLIES.dataLine, 'rejected', 'dot')])
}

/** Back to the state after EHLO. */
function closedTransaction(session: Session, effects: readonly Effect[], how: 'finished' | 'dropped' = 'dropped'): Step {
  const done: readonly Effect[] = how === 'finished' ? effects : [...effects, { do: 'forget', abort: false }]
  return { session: { ...session, phase: 'ready', awaiting: null, asking: null, accepted: 0, named: 0, utf8: false }, effects: done }
}

function forgotten(session: Session, abort: boolean): Step {
  if (session.phase !== 'mail' && session.phase !== 'rcpt' && session.phase !== 'data') return { session, effects: [] }
  return { session: { ...session, phase: 'ready', accepted: 0, named: 0, utf8: false, asking: null }, effects: [{ do: 'forget', abort }] }
}

// ---------------------------------------------------------------- ends

function onFault(session: Session, fault: OctetFault | 'too-long' | 'endless', terms: Terms): Step {
  switch (fault) {
    case 'bare-cr':
      return end(session, REPLIES.bareCr, 'rejected')
    case 'bare-lf':
      return end(session, REPLIES.bareLf, 'rejected')
    case 'nul':
      return end(session, REPLIES.nul, 'rejected')
    case 'too-long':
      return wrong(session, REPLIES.lineTooLong, terms)
    case 'endless':
      return end(session, REPLIES.lineTooLong, null)
  }
}

/** SIGTERM: the idle hear 421, a transaction may finish. */
function onStop(session: Session): Step {
  const underWay = session.awaiting !== null || session.phase === 'mail' || session.phase === 'rcpt' || session.phase === 'data'
  if (!underWay) return end(session, REPLIES.shuttingDown, null)
  return { session: { ...session, stopping: true }, effects: [] }
}

function end(session: Session, answer: Reply, mark: Mark): Step {
  const open = session.phase === 'mail' || session.phase === 'rcpt' || session.phase === 'data'
  const about = open && mark !== null ? 'transaction' : 'connection'
  return {
    session: { ...session, phase: 'over', awaiting: null, asking: null },
    effects: [
      { do: 'reply', lines: [replyLine(answer)], mark, about },
      ...(open ? [{ do: 'forget', abort: session.phase === 'data' } as const] : []),
      { do: 'close' },
    ],
  }
}

function reply(answer: Reply, mark: Mark, about: 'connection' | 'transaction' | 'recipient' | 'dot' = 'connection'): Effect {
  return { do: 'reply', lines: [replyLine(answer)], mark, about }
}

function refuse(refusal: Refusal, about: 'connection' | 'transaction' | 'recipient'): Effect {
  return { do: 'reply', lines: [refusal.line], mark: refusal.mark, about, ...(refusal.strike === undefined ? {} : { strike: refusal.strike }) }
}
