/** What a mode would have done yesterday under the rules in force, in a sentence. */
import type { WouldHaveDone } from '../../shared/api/whatif.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import { wouldHaveWords } from '../words/golive.ts'

export function WouldHave({ done, mode, inForce }: { readonly done: WouldHaveDone; readonly mode: Mode; readonly inForce: boolean }) {
  if (mode === 'observe') return null
  const { reject, tempfail, correspondents } = done.sets[done.rules]
  return <span className="wouldhave">{wouldHaveWords(mode, inForce, done.rules, done.day, done.judged, reject, tempfail, correspondents)}</span>
}
