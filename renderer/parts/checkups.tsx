/** The doctor's findings by area: level by word and icon, one sentence, what to do, what to copy, and the evidence behind it. */
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { AREAS } from '../../shared/doctor/report.ts'
import type { CheckUp, Level } from '../../shared/doctor/report.ts'
import { healthWords as words } from '../words/health.ts'
import { Found } from './found.tsx'
import { Name, Said } from './outside.tsx'

const ICONS: Record<Level, typeof IconCircleCheck> = { ok: IconCircleCheck, todo: IconAlertTriangle, bad: IconCircleX, unknown: IconHelpCircle }

export function CheckUps({ checks }: { readonly checks: readonly CheckUp[] }) {
  return AREAS.filter((area) => checks.some((check) => check.area === area)).map((area) => (
    <section key={area} className="healtharea" aria-label={words.areas[area]}>
      <h3>{words.areas[area]}</h3>
      <ul className="checkups">{checks.filter((check) => check.area === area).map((check) => <One key={check.id} check={check} />)}</ul>
    </section>
  ))
}

function One({ check: { id, level, says, todo, lines, answers, evidence } }: { readonly check: CheckUp }) {
  const Icon = ICONS[level]
  return (
    <li data-level={level} data-id={id}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <div>
        <Found state={{ word: words.levels[level], className: 'level' }} says={says} todo={todo} lines={lines} copy={words.copy} />
        {answers.length + evidence.length === 0 ? null : (
          <details>
            <summary>{words.evidence}</summary>
            <ul className="asked">
              {answers.map((answer, index) => <li key={index}><Asked answer={answer} /></li>)}
              {evidence.map((line, index) => <li key={`said ${index}`}><Said text={line} /></li>)}
            </ul>
          </details>
        )}
      </div>
    </li>
  )
}

function Asked({ answer: { question, status, records, chain, server } }: { readonly answer: Answer }) {
  return (
    <>
      <Name text={questionText(question)} /> → {status === 'found' ? <Name text={records.join(', ')} /> : <strong>{status}</strong>}
      {chain.length === 0 ? null : <span className="dim"> via <Name text={chain.join(', ')} /></span>}
      {server === null ? null : <span className="dim"> <Name text={server} /></span>}
    </>
  )
}
