/** Work on many rules at once: lifting, editing, lists, suggestions, and what is said of it afterwards. */
import type { SuggestedChange } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Progress } from '../model/wishes.ts'
import { number, plural } from './format.ts'

const rules = (count: number) => plural(count, 'rule', 'rules')
const farOf = ({ done, total }: Progress) => `${number(done)} of ${number(total)}`

export const bulkWords = {
  addedMany: (kind: RuleKind, first: string, count: number) => `${first} and ${number(count - 1)} more ${count === 2 ? 'network' : 'networks'} ${kind === 'ban' ? 'are banned' : 'are whitelisted'}.`,
  undone: (count: number) => `${rules(count)} undone.`,
  lifting: (progress: Progress) => `Lifting: ${farOf(progress)}…`,
  takingBack: (progress: Progress) => `Undoing: ${farOf(progress)}…`,
  lifted: (count: number) => `${rules(count)} lifted.`,
  back: (rule: Rule) => (rule.kind === 'ban' ? `${rule.scope} is banned as before.` : `${rule.scope} is whitelisted as before.`),
  backMany: (count: number) => `${rules(count)} as before.`,
  edited: (scope: string) => `${scope} is changed.`,
  editUndone: (scope: string) => `${scope} is as before.`,
  imported: (count: number) => `${rules(count)} imported.`,
  importUndone: (count: number) => `The import of ${rules(count)} is undone.`,
  accepted: (suggested: readonly SuggestedChange[]) => {
    const [first] = suggested
    if (first === undefined) return ''
    if (suggested.length > 1) return first.kind === 'lift-unused' ? `${plural(suggested.length, 'unused ban', 'unused bans')} lifted.` : `${number(suggested.length)} suggestions done.`
    switch (first.kind) {
      case 'ban-network': return `${first.scope} is banned in place of ${plural(first.members.length, 'ban', 'bans')}.`
      case 'lift-unused': return `The ban of ${first.scope} is lifted.`
      case 'ban-correspondent': return `${first.scope} is banned.`
      case 'allow-provider': return `${first.scope} is whitelisted for good.`
    }
  },
  acceptUndone: (count: number) => (count === 1 ? 'Undone.' : `${number(count)} suggestions undone.`),
  dismissed: 'Dismissed. It stays under “Dismissed” at the end of the page.',
  reasonOf: (suggestion: SuggestedChange) => {
    switch (suggestion.kind) {
      case 'ban-network': return `${number(suggestion.members.length)} of its addresses were banned`
      case 'ban-correspondent': return 'earned a ban, although mail of it was accepted'
      case 'allow-provider': return suggestion.provider
      case 'lift-unused': return ''
    }
  },
} as const
