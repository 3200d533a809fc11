/** A mail server that follows the b: lines of a dialogue script, without a socket: what it is asked, and what it answers. */
import type { BackendCapabilities, BackendOutcome, BackendPort, BackendSession, ClientIdentity } from '../../electron/ports.ts'

/** `asked`: "mail a@b SIZE=10"; a trailing "*" takes anything. `answer`: a reply line, "fail", or "" where none is given. `hold`: until released. */
export interface BackendLine {
  readonly asked: string
  readonly answer: string
}

export interface ScriptedBackend extends BackendPort {
  /** What did not go by the script. */
  readonly surprises: string[]
  readonly identities: ClientIdentity[]
  /** Wire octets of each message that was ended by a dot. */
  readonly messages: Buffer[]
  /** Octets handed over of a message that was not. */
  dropped: number
  /** Lines not used. */
  left(): readonly BackendLine[]
  /** Lets an answer given as "hold …" go. */
  release(): void
}

const DEFAULTS: Readonly<Record<string, string>> = { connect: '', mail: '250 2.1.0 OK', rcpt: '250 2.1.5 OK', data: '354 go', dot: '250 2.0.0 taken', rset: '250 2.0.0 OK' }

export const ALL_CAPABILITIES: BackendCapabilities = { size: 10_000_000, eightBitMime: true, smtpUtf8: true, dsn: true, pipelining: true, startTls: false, xclient: [] }

/** Without lines it takes everything. */
export function scriptedBackend(lines: readonly BackendLine[], capabilities: BackendCapabilities | null): ScriptedBackend {
  const script = [...lines]
  const strict = lines.length > 0
  const surprises: string[] = []
  const identities: ClientIdentity[] = []
  const messages: Buffer[] = []
  let released = () => undefined as unknown
  const gate = () => new Promise<void>((resolve) => { released = resolve })

  const answered = async (said: string): Promise<BackendOutcome> => {
    const asked = said.trim()
    const verb = asked.split(' ')[0] ?? ''
    const next = script[0]
    const optional = verb === 'quit' || verb === 'rset' || verb === 'connect' || verb === 'abort'
    const fits = next !== undefined && (next.asked === asked || (next.asked.endsWith('*') && asked.startsWith(next.asked.slice(0, -1))))
    if (!fits && strict && !optional) surprises.push(`asked "${asked}", script has "${next?.asked ?? 'nothing'}"`)
    if (fits) script.shift()
    let answer = (fits && next.answer !== '' ? next.answer : DEFAULTS[verb]) ?? ''
    if (answer.startsWith('hold ')) {
      await gate()
      answer = answer.slice(5)
    }
    if (answer.startsWith('fail')) return { kind: 'failed', why: answer }
    const match = /^(\d{3})(?: (\d\.\d+\.\d+))?(?: (.*))?$/.exec(answer)
    return { kind: 'reply', reply: { code: Number(match?.[1] ?? 250), enhanced: match?.[2] ?? null, text: match?.[3] ?? '' } }
  }

  const backend: ScriptedBackend = {
    surprises, identities, messages, dropped: 0,
    left: () => script,
    release: () => { released() },
    capabilities: () => capabilities,
    health: () => ({ up: true, since: 0, why: null, latencyMs: null }),
    close: () => undefined,
    async connect(identity) {
      identities.push(identity)
      const outcome = await answered(`connect ${identity.address} ${identity.ehlo}`)
      return outcome.kind === 'failed' ? outcome : { kind: 'open', session: session() }
    },
  }

  function session(): BackendSession {
    let body: Buffer[] = []
    let dead = false
    const ask = (asked: string) => (dead ? Promise.resolve<BackendOutcome>({ kind: 'failed', why: 'aborted' }) : answered(asked))
    return {
      mail: (path, parameters) => ask(['mail', path, ...parameters].join(' ')),
      rcpt: (path, parameters) => ask(['rcpt', path, ...parameters].join(' ')),
      data: () => ask('data'),
      write(wire) {
        body.push(Buffer.from(wire))
        return true
      },
      drained: () => Promise.resolve(),
      async finish() {
        const outcome = await ask('dot')
        if (outcome.kind === 'reply' && outcome.reply.code === 250) messages.push(Buffer.concat(body))
        body = []
        return outcome
      },
      rset: () => ask('rset'),
      quit: () => void answered('quit'),
      abort() {
        if (dead) return
        dead = true
        backend.dropped += Buffer.concat(body).length
        body = []
        void answered('abort')
      },
    }
  }
  return backend
}
