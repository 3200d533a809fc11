/** Words that give way where the strip is narrow: screen readers always hear the full ones, the eye sees the short ones from that width down. */
export interface FitsProps {
  readonly full: string
  /** May be empty: then only the icon beside it stays. */
  readonly short: string
  /** `snug`: up to 1,640 px; `tight`: up to 1,460 px. */
  readonly at: 'snug' | 'tight'
}

export function Fits({ full, short, at }: FitsProps) {
  return <span className="fits" data-at={at}><span className="full">{full}</span>{short === '' ? null : <span className="short" aria-hidden>{short}</span>}</span>
}
