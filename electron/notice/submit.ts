/**
 * Hands one message to the submission server (RFC 6409), with TLS and credentials. Credentials go over verified TLS only, or to this
 * machine. Promises: never rejects; says whether the server took it, refused it, or whether that is not known; no secret is ever told.
 */
import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { parseEndpoint } from '../../shared/net/parse.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import { messageOf } from '../settingsfile.ts'
import type { PasswordRead } from './password.ts'

export interface Submission {
  /** "host:port" */
  readonly smtp: string
  readonly user?: string | undefined
  /** Asked only where there is a user. */
  readonly password: () => PasswordRead
  /** What it calls itself in EHLO. */
  readonly hostname: string
  readonly reversePath: string
  readonly to: string
  readonly message: string
  /** Settles when it is written down that the message may leave from now on; rejects: it must not. */
  readonly beforeData: () => Promise<void>
}

/** `lost`: the message had begun to leave, and no answer came. */
export type Submitted =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly reply: string }
  | { readonly kind: 'lost'; readonly why: string }

const CONNECT_MS = 20_000
const SILENCE_MS = 120_000
const IMPLICIT_TLS = 465

export async function submit(job: Submission): Promise<Submitted> {
  const endpoint = parseEndpoint(job.smtp, { names: true })
  if (endpoint === null) return later('notices.smtp is no address with a port')
  const password = job.user === undefined ? null : job.password()
  if (password?.ok === false) return later(password.problem)
  // Without credentials the connection is as any between mail servers: encrypted if it can be.
  const verified = job.user !== undefined && !endpoint.loopback
  const connection = new SMTPConnection({
    host: endpoint.host, port: endpoint.port, name: job.hostname, secure: endpoint.port === IMPLICIT_TLS, requireTLS: verified,
    tls: { rejectUnauthorized: verified, minVersion: 'TLSv1.2' },
    connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, dnsTimeout: CONNECT_MS,
    ...(endpoint.loopback && job.user === undefined ? { opportunisticTLS: true } : {}),
  })
  let leaving = false
  const body = new Readable({
    read() {
      if (leaving) return
      leaving = true
      job.beforeData().then(() => {
        this.push(Buffer.from(job.message, 'latin1'))
        this.push(null)
      }, (error: unknown) => {
        leaving = false
        this.destroy(error instanceof Error ? error : new Error('it could not be written down'))
      })
    },
  })
  try {
    await waited(connection, (done) => void connection.connect((error) => done(error)))
    if (password?.ok === true) await waited(connection, (done) => void connection.login({ credentials: { user: job.user ?? '', pass: password.password } }, (error) => done(error)))
    const info = await waited<{ readonly response?: string }>(connection, (done) => void connection.send({ from: job.reversePath, to: [job.to] }, body, (error, sent) => done(error, sent)))
    connection.quit()
    return { kind: 'accepted', reply: visibleText(info?.response ?? '250', 300) }
  } catch (error) {
    connection.close()
    return understood(error, leaving)
  }
}

type Done<T> = (error: Error | null | undefined, value?: T) => void

/** The callback of a step, or an error of the connection meanwhile. */
function waited<T>(connection: SMTPConnection, begin: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = () => {
      connection.removeListener('error', failed)
      connection.removeListener('end', ended)
      // A late one must not be an uncaught exception.
      connection.on('error', () => undefined)
    }
    const failed = (error: Error) => {
      end()
      reject(error)
    }
    const ended = () => failed(new Error('the connection was closed'))
    connection.once('error', failed)
    connection.once('end', ended)
    begin((error, value) => {
      end()
      if (error === null || error === undefined) resolve(value)
      else reject(error)
    })
  })
}

/** A reply with a code is certain, also after the dot; anything else once the message was leaving is not. */
function understood(error: unknown, leaving: boolean): Submitted {
  const code = error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  const said = error instanceof Error && 'response' in error && typeof error.response === 'string' ? error.response : messageOf(error)
  const reply = visibleText(said.replace(/\s+/g, ' '), 300)
  if (code !== null && code >= 400 && code < 600) {
    // Wrong credentials are put right by the admin, and then it goes: not the notice's fault.
    const credentials = error instanceof Error && 'code' in error && error.code === 'EAUTH'
    return { kind: 'refused', permanent: code >= 500 && !credentials, reply: credentials ? `signing in failed: ${reply}` : reply }
  }
  return leaving ? { kind: 'lost', why: reply } : later(reply)
}

function later(reply: string): Submitted {
  return { kind: 'refused', permanent: false, reply }
}
