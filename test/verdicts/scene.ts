/**
 * A scene: one client, one EHLO name, the DNS they live in, and what the three rule sets must say of it. The zone is written as text
 * and answered by a resolver of this file's own, so that the advice's own zone is not proved by itself.
 *
 *     @ PTR mail.acme.example            @ is the client's name in reverse DNS
 *     mail.acme.example A 198.51.100.7
 *     slow.acme.example MX TIMEOUT       a type may fail alone,
 *     dead.acme.example SERVFAIL         or the whole name
 *
 * Names that no line owns do not exist.
 */
import type { Answer, AnswerStatus, Question } from '../../shared/dns/answer.ts'
import { questionText } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { nextQuestions } from '../../shared/dns/plan.ts'
import type { JudgeContext, RuleSet } from '../../shared/gate/verdict.ts'
import { parseAddress, reverseName } from '../../shared/net/ip.ts'
import type { Step } from '../../shared/notice/remedy.ts'

export const RULE_SETS: readonly RuleSet[] = ['house', 'standard', 'lenient']

/** The gate of all scenes: mx.shop.example, on 192.0.2.25 and 2001:db8:25::25, for shop.example and what is below it. */
export const gate = (rules: RuleSet): JudgeContext => ({
  rules, hostname: 'mx.shop.example', domains: ['shop.example', '*.shop.example', 'second-shop.example'], ourAddresses: ['192.0.2.25', '2001:db8:25::25'],
})

export interface Scene {
  readonly why: string
  readonly client: string
  readonly ehlo: string
  readonly zone: string
  /** iprev, then the verified names: "pass mail.acme.example", "permerror". */
  readonly reverse: string
  /** What is found whatever the rules, without dns-temporary: '' or names with spaces between. */
  readonly found: string
  /** "accept", or the reply and what is refused for: "550 5.7.25 ptr-missing ehlo-mismatch". */
  readonly house: string
  readonly standard: string
  readonly lenient: string
  /** The remedies under house, if the scene is about them: steps as "add NAME TYPE VALUE". */
  readonly remedies?: readonly (readonly string[])[]
}

const TEMPORARY: Readonly<Record<string, AnswerStatus>> = { SERVFAIL: 'servfail', REFUSED: 'refused', TIMEOUT: 'timeout', MALFORMED: 'malformed' }

export interface Line {
  readonly name: string
  /** '*' in a line that makes the whole name fail. */
  readonly type: string
  readonly value: string
}

export function zoneLines(zone: string, client: string): Line[] {
  const reverse = reverseName(parseAddress(client)!)
  return zone.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const [first = '', second = '', ...rest] = line.split(/ +/)
    const name = first === '@' ? reverse : first
    return second in TEMPORARY ? { name, type: '*', value: second } : { name, type: second, value: rest.join(' ') }
  })
}

/** One answer out of the lines, following CNAMEs. */
export function answer(lines: readonly Line[], question: Question): Answer {
  const reply = (status: AnswerStatus, records: readonly string[], chain: readonly string[]): Answer =>
    ({ question, status, records, chain, ttl: 300, ms: 1, server: '127.0.0.1:53' })
  const chain: string[] = []
  let owner = question.name
  for (;;) {
    const own = lines.filter((line) => line.name === owner)
    const alias = own.find((line) => line.type === 'CNAME')
    if (alias !== undefined) {
      if (chain.length === 8 || alias.value === question.name || chain.includes(alias.value)) return reply('malformed', [], chain)
      chain.push(alias.value)
      owner = alias.value
      continue
    }
    const trouble = own.find((line) => line.value in TEMPORARY && (line.type === '*' || line.type === question.type))
    if (trouble !== undefined) return reply(TEMPORARY[trouble.value]!, [], chain)
    if (own.length === 0) return reply('nxdomain', [], chain)
    const records = own.filter((line) => line.type === question.type).map((line) => line.value)
    return reply(records.length > 0 ? 'found' : 'nodata', records, chain)
  }
}

export function gather(lines: readonly Line[], client: string, ehlo: string): Evidence {
  const answers = new Map<string, Answer>()
  const subject = { client: parseAddress(client)!, ehlo }
  for (let open = nextQuestions(subject, answers); open.length > 0; open = nextQuestions(subject, answers)) {
    for (const question of open) answers.set(questionText(question), answer(lines, question))
  }
  return { client: subject.client.text, ehlo, answers }
}

/** What the sender's side looks like after some steps, as a name server would have it. Temporary trouble is taken as no data (POLICY, Advice). */
export function repaired(lines: readonly Line[], client: string, ehlo: string, steps: readonly Step[]): Evidence {
  let now = lines.map((line) => (line.value in TEMPORARY ? { ...line, type: 'TXT', value: 'nothing' } : line))
  let greeting = ehlo
  for (const { do: action, name, type, value } of steps) {
    if (action === 'set-ehlo') greeting = value
    if (action === 'add') now = [...now, { name, type, value }]
    if (action === 'remove') now = now.filter((line) => line.name !== name || line.type !== type || line.value.toLowerCase() !== value)
  }
  return gather(now, client, greeting)
}

export function stepText({ do: action, name, type, value }: Step): string {
  return action === 'set-ehlo' ? `set-ehlo ${value}` : `${action} ${name} ${type} ${value}`
}
