/** Keeps what is asked and answered while a check runs, as the evidence that is shown with its finding. */
import type { Answer } from '../../shared/dns/answer.ts'
import type { OpenLink } from '../golive/talk.ts'
import type { ResolverPort } from '../ports.ts'

export interface RecordedResolver extends Pick<ResolverPort, 'resolve'> {
  readonly answers: Answer[]
}

export function recordResolver(resolver: Pick<ResolverPort, 'resolve'>): RecordedResolver {
  const answers: Answer[] = []
  return {
    answers,
    async resolve(question, options) {
      const answer = await resolver.resolve(question, options)
      // Two parts of a look may ask the same: the later answer stands.
      const before = answers.findIndex(({ question: { name, type } }) => name === answer.question.name && type === answer.question.type)
      if (before === -1) answers.push(answer)
      else answers[before] = answer
      return answer
    },
  }
}

/** Lines "> EHLO localhost", "< 250 mx.shop.example". */
export function recordDialogue(open: OpenLink): { readonly open: OpenLink; readonly lines: string[] } {
  const lines: string[] = []
  return {
    lines,
    async open(endpoint, ms) {
      const opened = await open(endpoint, ms)
      if (opened.kind === 'failed') {
        lines.push(`(${endpoint.host}:${endpoint.port} ${opened.why})`)
        return opened
      }
      const { link } = opened
      const command = link.command.bind(link)
      link.command = async (line, stage, wait) => {
        if (line !== null) lines.push(`> ${line}`)
        const outcome = await command(line, stage, wait)
        if (outcome.kind === 'failed') lines.push(`(${outcome.why})`)
        else lines.push(...outcome.reply.lines.map((text) => `< ${outcome.reply.code} ${text}`))
        return outcome
      }
      return opened
    },
  }
}
