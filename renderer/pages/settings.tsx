/** Settings: being built. */
import { EmptyState } from '../parts/emptystate.tsx'
import { strings } from '../strings.ts'

export function SettingsPage() {
  return <EmptyState title={strings.pages.settings} />
}
