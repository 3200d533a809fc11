/** A word of jargon with its explanation: on hover, on focus, and on a tap. Its name stays the word; the explanation is its description. */
import { Tooltip } from '@mantine/core'
import { terms } from '../words/terms.ts'
import type { TermName } from '../words/terms.ts'

export function Term({ of, children }: { readonly of: TermName; readonly children: React.ReactNode }) {
  return (
    <Tooltip label={terms[of]} multiline maw={300} position="top-start" openDelay={150} withinPortal={false} events={{ hover: true, focus: true, touch: true }} transitionProps={{ duration: 0 }} classNames={{ tooltip: 'tip' }}>
      <button type="button" className="term">{children}</button>
    </Tooltip>
  )
}
