/** What a test found: each in words with its state (by word and icon), what to do, and what to type or paste. */
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { Finding } from '../../shared/golive.ts'
import { goLiveWords as words } from '../words/golive.ts'
import { CopyButton } from './copybutton.tsx'
import { Said } from './outside.tsx'

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
              <p><span className="state">{words.states[state]}.</span> <Said text={says} className="plain" /></p>
              {todo === null ? null : <p className="dim"><Said text={todo} className="plain" /></p>}
              {lines.length === 0 ? null : (
                <div className="tocopy">
                  <pre className="block" tabIndex={0}>{lines.map((line, index) => <div key={index}><Said text={line} /></div>)}</pre>
                  <CopyButton label={words.copy} text={`${lines.join('\n')}\n`} />
                </div>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
