/** Which names a remedy may be built on (POLICY, Advice: candidates and their exclusions, the placeholder). Pure. */
import { classifyEhlo } from '../dns/ehlo.ts'
import { ehloMatch } from '../dns/ehloside.ts'
import type { Evidence } from '../dns/evidence.ts'
import { iprevOf } from '../dns/iprev.ts'
import { canonicalName, isAtOrBelow } from '../net/domain.ts'
import { registrableDomain } from '../gate/verdict.ts'
import type { JudgeContext } from '../gate/verdict.ts'

/** What is refused for and must be repaired. */
export type Needs = 'greeting' | 'reverse' | 'both'

/** Top-level names that public DNS will never lead anywhere (RFC 6762, 8375, 2606, and the custom of offices). */
const PRIVATE_SUFFIXES = ['local', 'lan', 'internal', 'corp', 'home', 'localdomain', 'home.arpa', 'invalid']

export function isPrivateName(name: string): boolean {
  return PRIVATE_SUFFIXES.some((suffix) => isAtOrBelow(name, suffix))
}

/** In the order in which POLICY names them, each once, excluded ones left out. */
export function candidateNames(evidence: Evidence, needs: Needs, context: JudgeContext): string[] {
  const { ptrNames, verifiedNames } = iprevOf(evidence)
  const match = ehloMatch(evidence)
  const names = [
    ...ehloNames(evidence),
    ...(needs === 'greeting' ? verifiedNames : []),
    ...ptrNames.filter((name) => !verifiedNames.includes(name)),
    ...(needs !== 'greeting' && match.state === 'match' && match.by === 'mx' ? [match.host] : []),
  ]
  return [...new Set(names)].filter((name) => isUsable(name, context))
}

/** `mail.D` for each domain D that may stand for the sender's own, the best first; the last is nobody's. */
export function placeholders(evidence: Evidence, senderDomain: string | null, context: JudgeContext): string[] {
  const sender = senderDomain === null ? [] : [canonicalName(senderDomain)]
  const named = [...iprevOf(evidence).verifiedNames, ...ehloNames(evidence), ...sender]
  const domains = named.flatMap((name) => (isUsable(name, context) ? (registrableDomain(name) ?? []) : []))
  return [...domains, 'your-domain.example']
    .filter((domain) => isUsable(domain, context))
    .map((domain) => `mail.${domain}`)
    .filter((name) => isUsable(name, context))
}

function ehloNames({ ehlo }: Evidence): string[] {
  const form = ehlo === null ? null : classifyEhlo(ehlo)
  return form?.kind === 'name' ? [form.name] : []
}

/** No literal, nothing malformed, no single label, no public suffix, nothing of ours, nothing that only exists inside an office. */
function isUsable(name: string, context: JudgeContext): boolean {
  return classifyEhlo(name).kind === 'name' && registrableDomain(name) !== null && !isOurName(name, context) && !isPrivateName(name)
}

function isOurName(name: string, { hostname, domains }: JudgeContext): boolean {
  return name === canonicalName(hostname) || domains.some((entry) => isAtOrBelow(name, canonicalName(entry.replace(/^\*\./, ''))))
}
