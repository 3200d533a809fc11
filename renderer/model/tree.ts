/**
 * The lookups of one session as a small tree from the client to the verdict: address → PTR name → back to the
 * address?; EHLO name → addresses → the client's?; its MX hosts. Built from the frozen evidence alone; a question
 * that was not asked is said to be so.
 */
import { isTemporary, questionText } from '../../shared/dns/answer.ts'
import type { Answer, RecordType } from '../../shared/dns/answer.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { canonicalName, isHostName } from '../../shared/net/domain.ts'
import { canonicalAddress, parseAddress, reverseName } from '../../shared/net/ip.ts'

/** good: it speaks for the client; bad: against it; unknown: a temporary answer; plain: neither. */
export type Mark = 'good' | 'bad' | 'unknown' | 'plain'

/** What a node says beside its answer; the words are in strings.ts. */
export type Remark =
  | 'has-names' | 'no-name' | 'leads-back' | 'leads-elsewhere' | 'no-address' | 'temporary' | 'not-asked'
  | 'matches-client' | 'other-family' | 'mail-hosts' | 'no-mail-host' | 'not-a-name' | 'literal'

export interface TreeNode {
  readonly id: string
  /** The name or address this node is about, as it came (escape before showing). */
  readonly subject: string
  readonly type: RecordType | null
  readonly answer: Answer | null
  readonly mark: Mark
  readonly remark: Remark
  readonly children: readonly TreeNode[]
}

export interface LookupTree {
  readonly reverse: TreeNode | null
  readonly forward: TreeNode | null
}

export function lookupTree(session: Pick<SessionRecord, 'client' | 'ehlo' | 'ptrNames'>, evidence: readonly Answer[]): LookupTree {
  const answers = new Map(evidence.map((answer) => [questionText(answer.question), answer]))
  const ask: Ask = (name, type) => answers.get(questionText({ name, type })) ?? null
  return {
    reverse: reverseSide(session, ask),
    forward: session.ehlo === null ? null : forwardSide(session.client, session.ehlo, ask),
  }
}

type Ask = (name: string, type: RecordType) => Answer | null

function reverseSide(session: Pick<SessionRecord, 'client' | 'ptrNames'>, ask: Ask): TreeNode | null {
  const address = parseAddress(session.client)
  if (address === null) return null
  const name = reverseName(address)
  const answer = ask(name, 'PTR')
  const family = address.family === 4 ? 'A' : 'AAAA'
  const names = session.ptrNames.length > 0 ? session.ptrNames : (answer?.records ?? []).slice(0, 10)
  const children = names.map((ptr, index) => backNode(`back-${index}`, ptr, session.client, family, ask))
  const [mark, remark] = ptrSays(answer, children)
  return { id: 'ptr', subject: name, type: 'PTR', answer, mark, remark, children }
}

function ptrSays(answer: Answer | null, children: readonly TreeNode[]): [Mark, Remark] {
  if (answer === null) return ['plain', 'not-asked']
  if (isTemporary(answer.status)) return ['unknown', 'temporary']
  if (answer.records.length === 0) return ['bad', 'no-name']
  if (children.some((child) => child.mark === 'good')) return ['good', 'has-names']
  return [children.some((child) => child.mark === 'unknown') ? 'unknown' : 'plain', 'has-names']
}

/** A PTR name: does it lead back to the client? */
function backNode(id: string, name: string, client: string, type: 'A' | 'AAAA', ask: Ask): TreeNode {
  const bare = { id, subject: name, type, children: [] }
  if (!isHostName(name)) return { ...bare, answer: null, mark: 'bad', remark: 'not-a-name' }
  const answer = ask(canonicalName(name), type)
  return { ...bare, answer, ...says(answer, client, 'leads-back') }
}

function forwardSide(client: string, ehlo: string, ask: Ask): TreeNode {
  const bare = { id: 'ehlo', subject: ehlo, answer: null, children: [] }
  if (ehlo.startsWith('[') || canonicalAddress(ehlo) !== null) return { ...bare, type: null, mark: 'plain', remark: 'literal' }
  if (!isHostName(ehlo)) return { ...bare, type: null, mark: 'bad', remark: 'not-a-name' }
  const own = client.includes(':') ? 'AAAA' : 'A'
  const other = own === 'A' ? 'AAAA' : 'A'
  const name = canonicalName(ehlo)
  const answer = ask(name, own)
  const otherAnswer = ask(name, other)
  const mx = ask(name, 'MX')
  const children: TreeNode[] = []
  if (otherAnswer !== null) children.push(otherFamily(name, other, otherAnswer))
  if (mx !== null) children.push(mailHosts(name, mx, client, own, ask))
  const self = says(answer, client, 'matches-client')
  const viaMx = children.some((child) => child.mark === 'good')
  return { ...bare, type: own, answer, ...self, mark: viaMx && self.mark === 'bad' ? 'plain' : self.mark, children }
}

function otherFamily(name: string, type: 'A' | 'AAAA', answer: Answer): TreeNode {
  const temporary = isTemporary(answer.status)
  const remark = temporary ? 'temporary' : answer.records.length > 0 ? 'other-family' : 'no-address'
  return { id: 'other', subject: name, type, answer, mark: temporary ? 'unknown' : 'plain', remark, children: [] }
}

function mailHosts(name: string, answer: Answer, client: string, type: 'A' | 'AAAA', ask: Ask): TreeNode {
  const hosts = answer.records.map((record) => record.split(' ').at(-1) ?? '').filter((host) => host !== '' && host !== '.').slice(0, 5)
  const children = hosts.map((host, index) => {
    const found = ask(canonicalName(host), type)
    return { id: `mx-${index}`, subject: host, type, answer: found, ...says(found, client, 'matches-client'), children: [] }
  })
  const temporary = isTemporary(answer.status)
  const mark: Mark = temporary ? 'unknown' : children.some((child) => child.mark === 'good') ? 'good' : 'plain'
  const remark = temporary ? 'temporary' : hosts.length > 0 ? 'mail-hosts' : 'no-mail-host'
  return { id: 'mx', subject: name, type: 'MX', answer, mark, remark, children }
}

function says(answer: Answer | null, client: string, match: 'leads-back' | 'matches-client'): { mark: Mark; remark: Remark } {
  if (answer === null) return { mark: 'plain', remark: 'not-asked' }
  if (isTemporary(answer.status)) return { mark: 'unknown', remark: 'temporary' }
  if (answer.records.length === 0) return { mark: 'bad', remark: 'no-address' }
  return answer.records.some((record) => (canonicalAddress(record) ?? record) === client)
    ? { mark: 'good', remark: match }
    : { mark: 'bad', remark: 'leads-elsewhere' }
}
