/** Answers and evidence written as one line each, for tables: "www.a.example A found 192.0.2.1 192.0.2.2", "a.example MX servfail". */
import { questionText } from '../../../shared/dns/answer.ts'
import type { Answer, AnswerStatus, RecordType } from '../../../shared/dns/answer.ts'
import type { Evidence } from '../../../shared/dns/evidence.ts'

/** Records are separated by spaces, for MX by commas. */
export function answer(line: string): Answer {
  const [name = '', type = '', status = '', ...rest] = line.trim().split(' ')
  const records = type === 'MX' ? rest.join(' ').split(',').map((text) => text.trim()).filter((text) => text !== '') : rest
  return { question: { name, type: type as RecordType }, status: status as AnswerStatus, records, chain: [], ttl: 60, ms: 1, server: '192.0.2.53:53' }
}

export function answersOf(...lines: string[]): Map<string, Answer> {
  return new Map(lines.map(answer).map((one) => [questionText(one.question), one]))
}

export function evidence(client: string, ehlo: string | null, ...lines: string[]): Evidence {
  return { client, ehlo, answers: answersOf(...lines) }
}
