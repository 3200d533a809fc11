/**
 * What was said in a session, bounded: 400 lines of at most 1,000 characters. Message data never comes here.
 * Kept flat, and several lines that every client hears alike as the one array they are: ten thousand idle connections pay for each object.
 */
import type { Speaker, TranscriptLine } from '../../shared/events.ts'

/** Beside the first one, which tells of the connection. */
const MAX_LINES = 399
const MAX_TEXT = 1000

export class Transcript {
  /** Time, speaker, what was said, and so on. */
  readonly #said: (number | string | readonly string[])[] = []
  #lines = 0

  /** `ms` since the connection was accepted. */
  add(ms: number, who: Speaker, said: string | readonly string[]): void {
    const room = MAX_LINES - this.#lines
    if (room < 0) return
    const lines = typeof said === 'string' ? 1 : said.length
    this.#lines += lines
    if (lines <= room) {
      this.#said.push(ms, who, typeof said === 'string' && said.length > MAX_TEXT ? `${said.slice(0, MAX_TEXT)}…` : said)
      return
    }
    if (typeof said !== 'string') this.#said.push(ms, who, said.slice(0, room))
    this.#said.push(ms, 'note', 'the rest of this session was not kept')
  }

  lines(): TranscriptLine[] {
    const lines: TranscriptLine[] = []
    for (let at = 0; at < this.#said.length; at += 3) {
      const [ms, who, said] = this.#said.slice(at, at + 3) as [number, Speaker, string | readonly string[]]
      if (typeof said === 'string') lines.push({ ms, who, text: said })
      else for (const text of said) lines.push({ ms, who, text })
    }
    return lines
  }
}
