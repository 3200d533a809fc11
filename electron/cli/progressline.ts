/** One line on the terminal that says how far a command is. Only where somebody looks: a script's stderr is for failures. */

const EVERY_MS = 100

export interface ProgressLine {
  readonly show: (done: number, total: number) => void
  readonly clear: () => void
}

/** `what`: of what so many are done. When the command is interrupted the line is cleared first. */
export function createProgressLine(what: string): ProgressLine {
  if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined }
  let shownAt = 0
  const clear = () => {
    if (shownAt > 0) process.stderr.write('\r\u001b[K')
    shownAt = 0
    process.off('SIGINT', interrupted)
  }
  const interrupted = () => {
    clear()
    // As if nobody had listened: the shell is to see it.
    process.kill(process.pid, 'SIGINT')
  }
  process.once('SIGINT', interrupted)
  return {
    show(done, total) {
      const now = performance.now()
      if (shownAt > 0 && now - shownAt < EVERY_MS) return
      shownAt = now
      process.stderr.write(`\rporch: ${done} of ${total} ${what} \u001b[K`)
    },
    clear,
  }
}
