/** `porch check ADDRESS EHLO-NAME`: gathers and judges now, by the rules alone. Needs no store and no gate. */
import type { CheckResult } from '../../shared/api.ts'
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { remedyLines } from '../../shared/notice/remedy.ts'
import { evidenceOf, sentence } from '../../shared/notice/sentence.ts'
import { judgeContext, runCheck } from '../console/check.ts'
import { failingText, withHint } from '../console/explain.ts'
import { isSampleSender } from '../practice/cast.ts'
import { loadEffective } from '../settings.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { writeLine } from './output.ts'

const MAX_EHLO = 4096

export async function check(client: string, ehlo: string, flags: CommonFlags): Promise<number> {
  const address = parseAddress(client)
  if (address === null) throw new Failure(`"${asciiText(client, 60)}" is not an address; expected one such as 192.0.2.1 or 2001:db8::1`)
  if (ehlo.length > MAX_EHLO) throw new Failure(`EHLO-NAME: expected at most ${MAX_EHLO} characters`)
  const place = placeOf(flags)
  const loaded = loadEffective(place.settingsFile, place.named === undefined)
  if (!loaded.ok) throw new Failure(loaded.problems.join('; '))
  const settings = loaded.value
  const { openLookup } = await import('../composecommands.ts')
  const lookup = openLookup(settings)
  try {
    const result = await runCheck({ gather: lookup.gather, settings }, address.text, ehlo)
    if (flags.json === true) writeLine(checkJson(result))
    else {
      const evidence = evidenceOf(result, result.evidence)
      const trouble = result.verdict === 'tempfail' ? await failingText(lookup, evidence, judgeContext(settings)) : null
      for (const line of checkText(result, settings.policy.rules, evidence, trouble)) writeLine(line)
      if (settings.practice && isSampleSender(address.text)) writeLine(`\nThis is what the real DNS says. ${address.text} is also a sample sender of practice mode: the console judges it by made-up answers.`)
    }
    switch (result.verdict) {
      case 'accept': return 0
      case 'reject': return 1
      case 'tempfail': return 3
    }
  } finally {
    lookup.close()
  }
}

/** CONTRACT, "porch check --json prints". */
function checkJson(result: CheckResult): string {
  const { client, ehlo, verdict, iprev, verifiedName, findings, refusedFor, evidence, remedies } = result
  return JSON.stringify({
    client, ehlo, verdict, iprev, verifiedName, findings, refusedFor,
    evidence: evidence.map(({ question, status, records, chain, ttl, ms, server }) => ({ question: questionText(question), status, answers: records, chain, ttl, ms: Math.round(ms), server })),
    remedies,
  })
}

function checkText(result: CheckResult, rules: string, evidence: Evidence, trouble: string | null): string[] {
  const ptrNames = result.evidence.filter((answer) => answer.question.type === 'PTR').flatMap((answer) => answer.records).slice(0, 10)
  const judged = { ...result, ptrNames, disposition: result.verdict === 'accept' ? 'accepted' as const : result.verdict === 'reject' ? 'rejected' as const : 'deferred' as const, reply: null }
  const said = sentence(judged, result.evidence, result.remedies, trouble)
  const refused = result.refusedFor.length === 0 ? '' : ` for ${result.refusedFor.join(', ')}`
  const others = result.findings.filter((finding) => !result.refusedFor.includes(finding))
  return [
    `${result.verdict}${refused} (rules ${rules})`,
    result.verdict === 'reject' ? withHint(said, evidence) : said,
    ...(others.length === 0 ? [] : [`Also found, but not refused for by these rules: ${others.join(', ')}`]),
    '',
    `[${result.client}] EHLO ${asciiText(result.ehlo, 255)}`,
    ...evidenceTree(result),
    ...result.remedies.flatMap((remedy, index) => ['', `Remedy ${index + 1}: ${remedy.title}`, ...remedyLines(remedy).map((line) => `  ${line}`)]),
  ]
}

interface Branch {
  readonly text: string
  readonly below: readonly Branch[]
}

/** From the address to its names and back, and from the EHLO name to its addresses and mail hosts. A question is shown once. */
function evidenceTree(result: CheckResult): string[] {
  const shown = new Set<Answer>()
  const of = (holds: (answer: Answer) => boolean) =>
    result.evidence.filter((answer) => holds(answer) && !shown.has(answer)).map((answer) => {
      shown.add(answer)
      return answer
    })
  const addressesOf = (name: string): Branch[] =>
    of(({ question }) => question.name === name && (question.type === 'A' || question.type === 'AAAA')).map((answer) => ({ text: answerText(answer, result.client), below: [] }))
  const reverse = of(({ question }) => question.type === 'PTR').map((answer) => ({
    text: answerText(answer, result.client), below: answer.records.flatMap((name) => addressesOf(name)),
  }))
  const greeting = of(({ question }) => question.name === canonicalName(result.ehlo)).map((answer) => ({
    text: answerText(answer, result.client),
    below: answer.question.type === 'MX' ? answer.records.flatMap((record) => addressesOf(canonicalName(record.split(' ')[1] ?? ''))) : [],
  }))
  const rest = of(() => true).map((answer) => ({ text: answerText(answer, result.client), below: [] }))
  const branches = [...reverse, ...greeting, ...rest]
  return branches.length === 0 ? ['└─ nothing was asked'] : drawn(branches, '')
}

function answerText({ question, status, records, chain, ttl, ms, server }: Answer, client: string): string {
  const answer = status !== 'found' ? status : records.map((record) => `${asciiText(record)}${record === client ? ' (the client)' : ''}`).join(', ')
  const via = chain.length === 0 ? '' : ` via ${chain.map((name) => asciiText(name)).join(', ')}`
  const facts = [ttl === null ? null : `TTL ${ttl} s`, `${Math.round(ms)} ms`, server].filter((fact) => fact !== null)
  return `${asciiText(questionText(question))} → ${answer}${via}  (${facts.join(', ')})`
}

function drawn(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap((branch, index) => {
    const last = index === branches.length - 1
    return [`${indent}${last ? '└─' : '├─'} ${branch.text}`, ...drawn(branch.below, `${indent}${last ? '   ' : '│  '}`)]
  })
}
