/** What one name server's answers to a few questions say of it. Pure. */
import { isTemporary } from '../dns/answer.ts'
import type { Answer } from '../dns/answer.ts'
import { checkUp } from './report.ts'
import type { CheckUp } from './report.ts'

export interface NameserverFacts {
  readonly server: string
  /** Names that should be there: our own, the canary's. */
  readonly known: readonly Answer[]
  /** A name that cannot exist. */
  readonly invented: Answer
  /** It changes the letter case of questions (0x20 is off for it). */
  readonly caseBroken: boolean
}

/** `alone`: no other configured name server answers. */
export function judgeNameserver({ server, known, invented, caseBroken }: NameserverFacts, alone: boolean): CheckUp {
  const answers = [...known, invented]
  const said = (level: CheckUp['level'], says: string, todo: string | null) => checkUp('dns', server, level, says, todo, { answers })
  const job = 'Your job, or your provider’s if it is theirs: repair it, or name others in dns.servers.'
  if (answers.every(({ status }) => status === 'timeout')) {
    return alone
      ? said('bad', `The name server ${server} does not answer: senders are asked to come back later, and none can be judged.`, job)
      : said('todo', `The name server ${server} does not answer; the others stand in.`, job)
  }
  if (invented.status === 'found') return said('bad', `The name server ${server} invents addresses for names that do not exist: its answers cannot be trusted.`, 'Your job: ask another resolver (dns.servers). Providers do this to sell advertisements.')
  const usable = answers.filter(({ status }) => !isTemporary(status))
  if (usable.length === 0) return said(alone ? 'bad' : 'todo', `The name server ${server} answers, but with nothing usable (${[...new Set(answers.map(({ status }) => status))].join(', ')}).`, `${job} Does it take questions from this machine?`)
  const slow = Math.max(...usable.map(({ ms }) => ms))
  const hints = [
    ...(caseBroken ? ['It changes the letter case of questions, so one protection against forged answers (0x20) is off for it.'] : []),
    ...(slow > 1000 ? [`It took ${Math.round(slow / 100) / 10} s for an answer.`] : []),
  ]
  return said('ok', `The name server ${server} answers, and does not invent names.`, hints.length === 0 ? null : hints.join(' '))
}

/** Of the running gate. */
export function judgeCanary(state: 'off' | 'green' | 'red', why: string | null): CheckUp {
  switch (state) {
    case 'red': return checkUp('dns', 'canary', 'bad', `Our own DNS is sick, so nobody is refused for DNS: ${why ?? 'the canary is red'}`, 'Your job: repair the resolver, or name others in dns.servers.')
    case 'green': return checkUp('dns', 'canary', 'ok', 'The canary sees nothing wrong with our own DNS.')
    case 'off': return checkUp('dns', 'canary', 'ok', 'The canary is off (dns.canary is empty): a sick resolver is not noticed.', 'An entry that always has an address turns it on.')
  }
}
