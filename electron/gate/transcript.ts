/** What was said in a session, bounded: 400 lines of at most 1,000 characters. Message data never comes here. */
import type { Speaker, TranscriptLine } from '../../shared/events.ts'

const MAX_LINES = 400
const MAX_TEXT = 1000

export class Transcript {
  readonly lines: TranscriptLine[] = []

  /** `ms` since the connection was accepted. */
  add(ms: number, who: Speaker, text: string): void {
    if (this.lines.length > MAX_LINES) return
    if (this.lines.length === MAX_LINES) this.lines.push({ ms, who: 'note', text: 'the rest of this session was not kept' })
    else this.lines.push({ ms, who, text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text })
  }
}
