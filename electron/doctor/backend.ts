/** The mail server, by the wizard's own test; what the settings chose on purpose is no thing to do. */
import { checkUp, fromFinding } from '../../shared/doctor/report.ts'
import type { CheckUp, Level } from '../../shared/doctor/report.ts'
import type { Finding } from '../../shared/golive.ts'
import { testServer } from '../golive/server.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { recordDialogue } from './record.ts'

export async function examineBackend(deps: DoctorDeps, settings: EffectiveSettings): Promise<readonly CheckUp[]> {
  const { backend } = settings
  if (backend === undefined) return []
  const { open, lines } = recordDialogue(deps.openLink)
  const found = await testServer(open, {
    backend, identity: settings.backendIdentity ?? 'auto', hostname: settings.hostname,
    gate: deps.gate?.addresses() ?? settings.listen.filter((text) => !text.endsWith(':0')), domains: settings.allDomains,
  })
  return found.map((finding) => {
    const check = fromFinding('backend', finding, { evidence: finding.id === 'reachable' || finding.state !== 'good' ? lines : [] })
    return finding.id === 'tls' ? tls(check, finding, settings) : { ...check, level: chosen(finding, settings) ?? check.level }
  })
}

function chosen({ id, state, says }: Finding, { backendIdentity }: EffectiveSettings): Level | null {
  if (id === 'identity' && backendIdentity === 'none' && state === 'warning') return 'ok'
  // Users sign in there, and port 587 is at hand: nothing is left to do but to tell them.
  if (id === 'submission' && says.includes('answers at')  && !says.includes('Nothing answers')) return 'ok'
  return null
}

function tls(check: CheckUp, { state }: Finding, { backend, backendTls }: EffectiveSettings): CheckUp {
  if (backendTls === 'never') return checkUp('backend', 'tls', 'ok', 'Mail goes to it unencrypted, as set (backendTls never).', null, { evidence: check.evidence })
  if (backendTls === 'required' && state !== 'good') return checkUp('backend', 'tls', 'bad', `${backend ?? ''} offers no working STARTTLS, but backendTls is required: mail waits (451).`, 'Your job: turn STARTTLS on in the mail server, or set backendTls to offered.', { evidence: check.evidence })
  return check
}
