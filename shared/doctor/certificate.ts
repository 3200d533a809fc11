/** What is wrong with the certificate that the gate serves. Pure: its facts and the time come in. */
import { canonicalName } from '../net/domain.ts'
import { checkUp } from './report.ts'
import type { CheckUp } from './report.ts'

export interface CertificateFacts {
  /** Subject, as shown. */
  readonly subject: string
  /** ms since 1970. */
  readonly from: number
  readonly until: number
  /** DNS names it is for. */
  readonly names: readonly string[]
  readonly selfSigned: boolean
  /** Porch made it itself. */
  readonly ours: boolean
  /** Null: not known. */
  readonly keyFits: boolean | null
  /** The same one that lies on disk; null: not compared. */
  readonly asOnDisk: boolean | null
  readonly evidence: readonly string[]
}

const DAY_MS = 86_400_000
const SOON_DAYS = 14

export function judgeCertificate(facts: CertificateFacts, hostname: string, now: number): CheckUp {
  const { evidence } = facts
  const said = (level: CheckUp['level'], says: string, todo: string | null) => checkUp('certificate', '', level, says, todo, { evidence })
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const renew = facts.ours ? 'Your job: delete the folder tls in the data folder and restart Porch: it makes a new one.' : 'Your job: renew it, with the full chain, in the files of tls.cert and tls.key. Porch takes it over within seconds.'
  if (facts.keyFits === false) return said('bad', 'The private key does not belong to the certificate.', 'Your job: put the key that belongs to it in the file of tls.key.')
  if (facts.until <= now) return said('bad', `The certificate expired on ${day(facts.until)}.`, renew)
  if (facts.from > now) return said('bad', `The certificate is not valid before ${day(facts.from)}.`, 'Your job: is the clock of this machine right? Else wait, or use another certificate.')
  if (!namesMatch(facts.names, hostname)) return said('todo', `The certificate is for ${facts.names.slice(0, 5).join(', ') || 'no name'}, not for ${hostname}.`, facts.ours ? renew : `Your job: get one for ${hostname}, or correct hostname in the settings.`)
  if (facts.asOnDisk === false) return said('todo', 'The certificate that the gate serves is not the one in its file.', 'Your job: look at the alarm about the certificate; the file is probably broken.')
  const days = Math.ceil((facts.until - now) / DAY_MS)
  if (days <= SOON_DAYS) return said('todo', `The certificate expires on ${day(facts.until)}, in ${days === 1 ? 'one day' : `${days} days`}.`, renew)
  const valid = `The certificate is valid until ${day(facts.until)} and for ${hostname}`
  return facts.selfSigned
    ? said('ok', `${valid}; it is self-signed.`, 'Other mail servers accept that: they do not check it (opportunistic TLS). One of a public authority is only needed for DANE or MTA-STS.')
    : said('ok', `${valid}.`, null)
}

/** RFC 6125 §6.4.3: a star stands for the whole leftmost label. */
export function namesMatch(names: readonly string[], hostname: string): boolean {
  const host = canonicalName(hostname)
  return names.map(canonicalName).some((name) => name === host || (name.startsWith('*.') && host.includes('.') && host.slice(host.indexOf('.')) === name.slice(1)))
}
