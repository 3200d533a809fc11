/**
 * Whether an EHLO name leads to the client, from evidence alone (POLICY: ehlo-unresolvable, ehlo-mismatch, and dns-temporary on the
 * EHLO side). Says only what DNS says; which of it refuses is the verdict's business.
 */
import { parseAddress } from '../net/ip.ts'
import { isTemporary, questionText } from './answer.ts'
import type { Question } from './answer.ts'
import { classifyEhlo } from './ehlo.ts'
import type { EhloForm } from './ehlo.ts'
import { answerTo } from './evidence.ts'
import type { Evidence } from './evidence.ts'
import { addressTypes, ehloSideQuestions } from './plan.ts'
import { mxHostsOf } from './records.ts'

export type EhloMatch =
  /** No EHLO yet (`form` null), or a form that is never looked up. */
  | { readonly state: 'not-asked'; readonly form: EhloForm | null }
  /** `host` has the client's address: the EHLO name itself, or one of its MX hosts. */
  | { readonly state: 'match'; readonly name: string; readonly by: 'own' | 'mx'; readonly host: string }
  /** No match, and something that could have shown one got no usable answer. `questions` in the plan's order. */
  | { readonly state: 'temporary'; readonly name: string; readonly questions: readonly Question[] }
  /** It resolves (addresses of either family, or an MX, which need not have addresses), but not to the client. */
  | { readonly state: 'elsewhere'; readonly name: string; readonly addresses: readonly string[]; readonly mxHosts: readonly string[] }
  /** Neither addresses of either family nor an MX (a null MX is none). */
  | { readonly state: 'unresolvable'; readonly name: string }

/** What the plan would still ask counts as temporary: unfinished evidence is never held against a client. */
export function ehloMatch(evidence: Evidence): EhloMatch {
  const form = evidence.ehlo === null ? null : classifyEhlo(evidence.ehlo)
  const client = parseAddress(evidence.client)
  if (form?.kind !== 'name' || client === null) return { state: 'not-asked', form }

  const { name } = form
  const { own, other } = addressTypes(client)
  const asked = ehloSideQuestions({ client, ehlo: evidence.ehlo }, evidence.answers)
  const leads = (host: string) => {
    const answer = answerTo(evidence, { name: host, type: own })
    return answer?.status === 'found' && answer.records.includes(client.text)
  }
  if (leads(name)) return { state: 'match', name, by: 'own', host: name }
  const mxHosts = mxHostsOf(answerTo(evidence, { name, type: 'MX' }))
  const host = mxHosts.find(leads)
  if (host !== undefined) return { state: 'match', name, by: 'mx', host }

  const open = asked.filter((question) => {
    const answer = evidence.answers.get(questionText(question))
    return answer === undefined || isTemporary(answer.status)
  })
  if (open.length > 0) return { state: 'temporary', name, questions: open }

  const addresses = [own, other].flatMap((type) => answerTo(evidence, { name, type })?.records ?? [])
  if (addresses.length > 0 || mxHosts.length > 0) return { state: 'elsewhere', name, addresses, mxHosts }
  return { state: 'unresolvable', name }
}
