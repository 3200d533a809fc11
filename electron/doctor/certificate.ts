/** The certificate: the one on disk, and the one that the gate really serves after STARTTLS. */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { judgeCertificate } from '../../shared/doctor/certificate.ts'
import { checkUp } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import type { Endpoint } from '../../shared/net/parse.ts'
import type { EffectiveSettings } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import type { DoctorDeps } from './deps.ts'
import { reachableAt } from './port.ts'

const SERVED_MS = 10_000

export async function examineCertificate(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  const files = settings.tls ?? { cert: join(deps.dataDir, 'tls', 'cert.pem'), key: join(deps.dataDir, 'tls', 'key.pem') }
  const disk = await onDisk(files)
  const endpoint = deps.gate?.addresses().map(reachableAt).find((one) => one !== null) ?? null
  const served = endpoint === null ? null : await servedAt(endpoint, SERVED_MS, deps.gate?.probing)
  if (served !== null && !served.ok) return [checkUp('certificate', '', 'bad', `The gate offers no working STARTTLS: ${served.why}.`, 'Your job: look at the alarm about the certificate.', { evidence: disk.ok ? [] : [disk.why] })]
  const certificate = served?.ok === true ? served.certificate : disk.ok ? disk.certificate : null
  if (certificate === null) {
    if (settings.tls === undefined) return [checkUp('certificate', '', 'ok', 'There is no certificate yet: the gate makes a self-signed one at its first start.')]
    return [checkUp('certificate', '', 'bad', `The certificate ${files.cert} with ${files.key} cannot be used: ${disk.ok ? '' : disk.why}.`, 'Your job: correct tls.cert and tls.key; both must be PEM files that the gate may read.')]
  }
  return [judgeCertificate({
    ...factsOf(certificate), ours: settings.tls === undefined,
    keyFits: disk.ok ? disk.keyFits : null,
    asOnDisk: served?.ok === true ? disk.ok && disk.certificate.fingerprint256 === served.certificate.fingerprint256 : null,
    evidence: [`subject: ${certificate.subject.replaceAll('\n', ', ')}`, `issuer: ${certificate.issuer.replaceAll('\n', ', ')}`, `names: ${certificate.subjectAltName ?? 'none'}`, `valid: ${certificate.validFrom} to ${certificate.validTo}`, endpoint === null ? `read from ${files.cert}` : `served by ${endpoint.host} port ${endpoint.port} after STARTTLS`],
  }, settings.hostname, deps.clock.now())]
}

function factsOf(certificate: X509Certificate) {
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4)] : []))
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1]
  return {
    subject: certificate.subject,
    from: new Date(certificate.validFrom).getTime(),
    until: new Date(certificate.validTo).getTime(),
    names: names.length === 0 && common !== undefined ? [common] : names,
    selfSigned: certificate.subject === certificate.issuer,
  }
}

type OnDisk = { readonly ok: true; readonly certificate: X509Certificate; readonly keyFits: boolean } | { readonly ok: false; readonly why: string }

async function onDisk(files: { readonly cert: string; readonly key: string }): Promise<OnDisk> {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)])
    const certificate = new X509Certificate(cert)
    return { ok: true, certificate, keyFits: certificate.checkPrivateKey(createPrivateKey(key)) }
  } catch (error) {
    return { ok: false, why: messageOf(error) }
  }
}

type Served = { readonly ok: true; readonly certificate: X509Certificate } | { readonly ok: false; readonly why: string }

/** EHLO, STARTTLS, handshake; its certificate is looked at, not trusted. Never rejects. */
export function servedAt(endpoint: Endpoint, ms = SERVED_MS, onConnect?: (socket: net.Socket) => void): Promise<Served> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: endpoint.host, port: endpoint.port })
    const done = (outcome: Served) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }
    const timer = setTimeout(() => { done({ ok: false, why: `no answer within ${ms / 1000} s` }) }, ms)
    socket.once('connect', () => onConnect?.(socket))
    const steps = ['EHLO localhost', 'STARTTLS']
    let text = ''
    socket.on('error', (error) => { done({ ok: false, why: error.message }) })
    socket.on('close', () => { done({ ok: false, why: 'the connection was closed' }) })
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const last = /(?:^|\r\n)(\d{3}) [^\r\n]*\r\n$/.exec(text)
      if (last === null && text.length < 65_536) return
      const reply = text.trim()
      text = ''
      if (last === null || Number(last[1]) >= 400) return done({ ok: false, why: `it answers ${reply.slice(0, 200)}` })
      const step = steps.shift()
      if (step !== undefined) return void socket.write(`${step}\r\n`)
      socket.removeAllListeners('data')
      const secure = tls.connect({ socket, rejectUnauthorized: false, minVersion: 'TLSv1.2' }, () => {
        const certificate = secure.getPeerX509Certificate()
        done(certificate === undefined ? { ok: false, why: 'it shows no certificate' } : { ok: true, certificate })
      })
      secure.on('error', (error: Error) => { done({ ok: false, why: error.message }) })
    })
  })
}
