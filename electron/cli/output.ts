/**
 * Writing to stdout. Commands write and end; a reader that went away (`porch sessions | head`) ends them quietly. A gate
 * writes for weeks, and no reader, however slow, may hold it up: its lines are dropped beyond a bound, and counted.
 */
import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

const MAX_WAITING = 4 * 1024 * 1024
/** Lines that come within so many ms of one another are written together: a write each would be a tenth of a session's cost. */
const TOGETHER_MS = 20

let prepared = false

/** For commands. When nobody reads on, the process ends with 0. A gate never comes here: touching process.stdout would make a pipe blocking. */
export function write(text: string): void {
  if (!prepared) {
    prepared = true
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 0 : 2)
    })
  }
  process.stdout.write(text)
}

export function writeLine(text: string): void {
  write(`${text}\n`)
}

export interface LineWriter {
  line(text: string): void
  /** Lines that the reader was too slow for, since the last call. */
  takeDropped(): number
  /** Waits up to `ms` for what is still unread. */
  end(ms: number): Promise<void>
}

/** For the gate. */
export function createLineWriter(stream: Writable = stdoutThatNeverBlocks()): LineWriter {
  let gone = false
  let dropped = 0
  let waiting = ''
  let timer: NodeJS.Timeout | null = null
  stream.on('error', () => {
    gone = true
  })
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = waiting === '' || gone ? null : setTimeout(flush, TOGETHER_MS)
    if (timer !== null) stream.write(waiting)
    waiting = ''
  }
  return {
    line(text) {
      if (gone) return
      if (stream.writableLength + waiting.length > MAX_WAITING) {
        dropped++
        return
      }
      waiting += `${text}\n`
      // The first one after a pause is written at once.
      if (timer === null) flush()
    },
    takeDropped() {
      const count = dropped
      dropped = 0
      return count
    },
    end(ms) {
      flush()
      if (gone || stream.writableLength === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        const done = () => {
          clearTimeout(timer)
          resolve()
        }
        stream.write('', done)
        stream.once('error', done)
      })
    },
  }
}

/** Node writes to pipes synchronously on POSIX systems: a full one would stop the whole gate. A socket on the same descriptor does not. */
function stdoutThatNeverBlocks(): Writable {
  if (process.platform === 'win32') return process.stdout
  try {
    const kind = fstatSync(1)
    return kind.isFIFO() || kind.isSocket() ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout
  } catch {
    return process.stdout
  }
}
