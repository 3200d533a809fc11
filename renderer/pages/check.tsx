/** Check: being built. */
import { EmptyState } from '../parts/emptystate.tsx'
import { strings } from '../strings.ts'

export function CheckPage() {
  return <EmptyState title={strings.pages.check} />
}
