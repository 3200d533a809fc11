/** The registry of the palette's commands: the frame's, which are always there, and each page's while it is shown. */
import type { Command } from '../model/commands.ts'

/** Asked when the palette opens and whenever it is redrawn; cheap. */
export type CommandSource = () => readonly Command[]

export class Commands {
  readonly #sources = { page: new Set<CommandSource>(), frame: new Set<CommandSource>() }

  /** Adds a source of commands until the returned function is called. */
  add(source: CommandSource, place: 'page' | 'frame' = 'page'): () => void {
    const sources = this.#sources[place]
    sources.add(source)
    return () => {
      sources.delete(source)
    }
  }

  /** The page's before the frame's, in the order in which they were added. Of two with one id the first stands. */
  all(): readonly Command[] {
    const found = new Map<string, Command>()
    for (const source of [...this.#sources.page, ...this.#sources.frame]) for (const command of source()) if (!found.has(command.id)) found.set(command.id, command)
    return [...found.values()]
  }
}
