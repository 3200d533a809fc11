/** The registry of the palette's commands: each page and part adds its own while it is there. */
import type { Command } from '../model/commands.ts'

/** Asked when the palette opens and whenever it is redrawn; cheap. */
export type CommandSource = () => readonly Command[]

export class Commands {
  readonly #sources = new Set<CommandSource>()

  /** Adds a source of commands until the returned function is called. */
  add(source: CommandSource): () => void {
    this.#sources.add(source)
    return () => {
      this.#sources.delete(source)
    }
  }

  /** What was added last stands first: the page before the frame. Of two with one id the first stands. */
  all(): readonly Command[] {
    const found = new Map<string, Command>()
    for (const source of [...this.#sources].reverse()) for (const command of source()) if (!found.has(command.id)) found.set(command.id, command)
    return [...found.values()]
  }
}
