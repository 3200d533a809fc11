/** Attempts a day as small bars (refused, accepted, other, told apart by pattern as well as shade), with the same as a table. */
import { useId } from 'react'
import type { SenderDay } from '../../shared/search/sender.ts'
import { number } from '../words/format.ts'
import { sendersWords as words } from '../words/senders.ts'

const DAY_MS = 86_400_000
const SHOWN = 60
const WIDTH = 480
const HEIGHT = 56

const dayText = (day: number) => new Date(day * DAY_MS).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

export function SenderDays({ days }: { readonly days: readonly SenderDay[] }) {
  const pattern = useId()
  const last = days.at(-1)?.[0] ?? 0
  const first = Math.max(days[0]?.[0] ?? 0, last - SHOWN + 1)
  const shown = days.filter(([day]) => day >= first)
  const most = Math.max(1, ...shown.map(([, attempts]) => attempts))
  const slots = Math.max(14, last - first + 1)
  const width = WIDTH / slots
  const scale = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT))
  return (
    <div className="senderdays">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`} preserveAspectRatio="none" aria-hidden>
        <defs><pattern id={pattern} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="4" fill="currentColor" /></pattern></defs>
        {shown.map(([day, attempts, refused, accepted]) => {
          const x = (slots - 1 - (last - day)) * width
          const parts = [{ kind: 'refused', count: refused }, { kind: 'accepted', count: accepted }, { kind: 'other', count: attempts - refused - accepted }]
          const heights = parts.map(({ count }) => scale(count))
          return (
            <g key={day}>
              <title>{words.barTitle(dayText(day), attempts, refused, accepted)}</title>
              {parts.map(({ kind }, at) => <rect key={kind} data-kind={kind} fill={kind === 'accepted' ? `url(#${pattern})` : undefined} x={x + 0.5} width={Math.max(1, Math.min(14, width - 1))} y={HEIGHT - heights.slice(0, at + 1).reduce((sum, each) => sum + each, 0)} height={heights[at]} />)}
            </g>
          )
        })}
        <line x1="0" x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} />
      </svg>
      <p className="dim dayslegend"><span>{dayText(last - slots + 1)} – {dayText(last)}</span><span data-kind="refused">{words.legend.refused}</span><span data-kind="accepted">{words.legend.accepted}</span><span data-kind="other">{words.legend.other}</span></p>
      <details>
        <summary>{words.daysTable}</summary>
        <div className="tablewrap">
          <table className="compare">
            <thead><tr><th scope="col">{words.day}</th><th scope="col">{words.attemptsColumn}</th><th scope="col">{words.refusedColumn}</th><th scope="col">{words.acceptedColumn}</th></tr></thead>
            <tbody>{shown.toReversed().map(([day, attempts, refused, accepted]) => <tr key={day}><th scope="row">{dayText(day)}</th><td>{number(attempts)}</td><td>{number(refused)}</td><td>{number(accepted)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </div>
  )
}
