/** Senders: being built. */
import { EmptyState } from '../parts/emptystate.tsx'
import { strings } from '../strings.ts'

export function SendersPage() {
  return <EmptyState title={strings.pages.senders} />
}
