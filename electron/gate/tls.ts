/**
 * The gate's certificate. Promises: there always is one (a self-signed one is made once and kept in the data folder,
 * readable by its owner only); files that change on disk are taken over within seconds; a broken one never replaces the
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
  readonly hostname: string
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

  async function check(): Promise<void> {
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
      trouble(`The certificate ${files.cert} with ${files.key} cannot be used: ${reason(error)}. ${running === null ? 'A self-signed one stands in' : 'The one loaded before stays in use'}.`)
    }
  }

  function tellExpiry(): void {
    if (running !== null && running.expires <= options.clock.now()) trouble(`The certificate ${files.cert} expired on ${new Date(running.expires).toISOString().slice(0, 10)}; it is still served.`)
    else options.alarms.clear('certificate')
  }

  if (options.own === undefined) await makeOnce(files, options).catch((error: unknown) => { trouble(`No certificate could be made: ${reason(error)}`) })
  await check()
  if (running === null && options.own !== undefined) running = await temporary(options).catch(() => null)
  let checking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => { checking = checking.then(check) }, options.pollMs ?? 2000)
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
  return { context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }), expires: new Date(new X509Certificate(cert).validTo).getTime() }
}

/** Our own one is made anew when it is missing, unreadable or expired. */
async function makeOnce(files: { readonly cert: string; readonly key: string }, options: Options): Promise<void> {
  try {
    const { expires } = await load(files)
    if (expires > options.clock.now()) return
  } catch {
    // Missing or broken: a new one takes its place.
  }
  const made = await selfSigned(options)
  await mkdir(join(options.dataDir, 'tls'), { recursive: true, mode: 0o700 })
  await writeFileAtomic(files.key, made.private, { mode: 0o600 })
  await writeFileAtomic(files.cert, made.cert, { mode: 0o600 })
  await chmod(files.key, 0o600)
}

/** In memory, while the shop's own certificate cannot be used. */
async function temporary(options: Options) {
  const made = await selfSigned(options)
  return usable(made.cert, made.private)
}

async function selfSigned({ hostname, clock }: Options) {
  const from = clock.now() - 86_400_000
  return generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date(from), notAfterDate: new Date(from + 10 * YEAR_MS),
    extensions: [{ name: 'basicConstraints', cA: false }, { name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  })
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)
}
