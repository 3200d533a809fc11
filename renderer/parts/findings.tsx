/** What a test found: each in words with its state (by word and icon), what to do, and what to type or paste. */
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { Finding } from '../../shared/golive.ts'
import { goLiveWords as words } from '../words/golive.ts'
import { Found } from './found.tsx'

const ICONS: Record<Finding['state'], typeof IconInfoCircle> = { good: IconCircleCheck, note: IconInfoCircle, warning: IconAlertTriangle, bad: IconCircleX }

export function Findings({ findings, label }: { readonly findings: readonly Finding[]; readonly label: string }) {
  return (
    <ul className="findings" aria-label={label}>
      {findings.map(({ id, state, says, todo, lines }) => {
        const Icon = ICONS[state]
        return (
          <li key={id} data-state={state}>
            <Icon size={18} stroke={1.8} aria-hidden />
            <div>
              <Found state={{ word: words.states[state], className: 'state' }} says={says} todo={todo} lines={lines} copy={words.copy} />
            </div>
          </li>
        )
      })}
    </ul>
  )
}
