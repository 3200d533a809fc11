/**
 * The gate's certificate. Promises: there always is one (a self-signed one is made and kept in the data folder, readable by
 * its owner only, and made anew when the gate is called otherwise; never one that Porch did not make); files that change on disk are taken over within seconds; a broken one never replaces the
 * running one. An expired one is served all the same; both raise an alarm.
 */
import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import writeFileAtomic from 'write-file-atomic'
import type { AlarmsPort, Clock } from '../ports.ts'

export interface CertificatePort {
  /** TLS 1.2 or later. Null while there is none to be had. */
  context(): SecureContext | null
  /** Looks at the files now (otherwise every 2 s). */
  check(): Promise<void>
  close(): void
}

interface Options {
  readonly dataDir: string
  /** The gate's name now. */
  readonly hostname: () => string
  /** The shop's own PEM files. */
  readonly own: { readonly cert: string; readonly key: string } | undefined
  readonly alarms: AlarmsPort
  readonly clock: Clock
  /** Milliseconds between looks at the files. */
  readonly pollMs?: number
}

const YEAR_MS = 365 * 86_400_000

export async function openCertificate(options: Options): Promise<CertificatePort> {
  const files = options.own ?? { cert: join(options.dataDir, 'tls', 'cert.pem'), key: join(options.dataDir, 'tls', 'key.pem') }
  const trouble = (text: string) => { options.alarms.raise('certificate', 'critical', text) }
  let running: { readonly context: SecureContext; readonly expires: number } | null = null
  let seen = ''
  let broken = false
  let madeFor: string | null = null
  let unmade: string | null = null

  /** Our own one is for the name that the gate has now. */
  async function renew(): Promise<void> {
    const hostname = options.hostname()
    if (options.own !== undefined || madeFor === hostname) return
    try {
      await makeOnce(files, hostname, options)
      madeFor = hostname
      unmade = null
    } catch (error) {
      unmade = `No certificate could be made for ${hostname}: ${reason(error)}.`
    }
  }

  async function look(): Promise<void> {
    await renew()
    try {
      const version = await versionOf(files)
      if (version !== seen) {
        seen = version
        broken = true
        running = await load(files)
        broken = false
      }
      if (!broken) tellExpiry()
    } catch (error) {
      seen = ''
      broken = true
      if (unmade !== null && running === null) return trouble(unmade)
      trouble(`The certificate ${files.cert} with ${files.key} cannot be used: ${reason(error)}. ${running === null ? 'A self-signed one stands in' : 'The one loaded before stays in use'}.`)
    }
  }

  function tellExpiry(): void {
    if (running !== null && running.expires <= options.clock.now()) trouble(`The certificate ${files.cert} expired on ${new Date(running.expires).toISOString().slice(0, 10)}; it is still served.`)
    else if (unmade !== null) trouble(`${unmade} The one for another name stays in use.`)
    else options.alarms.clear('certificate')
  }

  await look()
  if (running === null && options.own !== undefined) running = await temporary(options.hostname(), options).catch(() => null)
  let checking: Promise<void> = Promise.resolve()
  const check = () => (checking = checking.then(look))
  const timer = setInterval(() => void check(), options.pollMs ?? 2000)
  timer.unref()
  return { context: () => running?.context ?? null, check, close: () => { clearInterval(timer) } }
}

async function versionOf(files: { readonly cert: string; readonly key: string }): Promise<string> {
  const [cert, key] = await Promise.all([stat(files.cert), stat(files.key)])
  return [cert.mtimeMs, cert.size, cert.ino, key.mtimeMs, key.size, key.ino].join(' ')
}

async function load(files: { readonly cert: string; readonly key: string }) {
  const [cert, key] = await Promise.all([readFile(files.cert, 'utf8'), readFile(files.key, 'utf8')])
  return usable(cert, key)
}

function usable(cert: string, key: string) {
  const certificate = new X509Certificate(cert)
  return { context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }), certificate, expires: new Date(certificate.validTo).getTime() }
}

/** Our own one is made anew when it is missing, unreadable or expired, or when it is for another name and Porch made it. */
async function makeOnce(files: { readonly cert: string; readonly key: string }, hostname: string, options: Options): Promise<void> {
  try {
    const { expires, certificate } = await load(files)
    const other = madeByPorchFor(certificate)
    if (expires > options.clock.now() && (other === null || other === hostname)) return
  } catch {
    // Missing or broken: a new one takes its place.
  }
  const made = await selfSigned(hostname, options)
  await mkdir(join(options.dataDir, 'tls'), { recursive: true, mode: 0o700 })
  await writeFileAtomic(files.key, made.private, { mode: 0o600 })
  await writeFileAtomic(files.cert, made.cert, { mode: 0o600 })
  await chmod(files.key, 0o600)
}

/** In memory, while the shop's own certificate cannot be used. */
async function temporary(hostname: string, options: Options) {
  const made = await selfSigned(hostname, options)
  return usable(made.cert, made.private)
}

async function selfSigned(hostname: string, { clock }: Options) {
  const from = clock.now() - 86_400_000
  return generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date(from), notAfterDate: new Date(from + 10 * YEAR_MS),
    extensions: [{ name: 'basicConstraints', cA: false }, { name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  })
}

/** The name of one as `selfSigned` makes it; null for any other: whoever put one of his own into the data folder keeps it. */
function madeByPorchFor(certificate: X509Certificate): string | null {
  const name = /^CN=([^\n]+)$/.exec(certificate.subject)?.[1]
  const isOurs = certificate.issuer === certificate.subject && certificate.subjectAltName === `DNS:${name}` && certificate.verify(certificate.publicKey) &&
    Date.parse(certificate.validTo) - Date.parse(certificate.validFrom) === 10 * YEAR_MS
  return name !== undefined && isOurs ? name : null
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)
}
