/** Where the window stood when it was closed: kept beside the data, and used again only while a screen still shows it. */
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

const whole = z.int().min(-100_000).max(100_000)
const boundsSchema = z.object({ x: whole, y: whole, width: z.int().min(400).max(20_000), height: z.int().min(300).max(20_000), maximized: z.boolean() })

export type WindowBounds = z.infer<typeof boundsSchema>

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Null if nothing useful is kept, or if it would be out of sight. `screens`: the work areas there are. */
export function keptBounds(file: string, screens: readonly Area[]): WindowBounds | null {
  try {
    const bounds = boundsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const screen = screens.find((area) => showsTitle(area, bounds))
    // A screen may have become smaller: what is larger than it could not be caught at its edges.
    return screen === undefined ? null : { ...bounds, width: Math.min(bounds.width, screen.width), height: Math.min(bounds.height, screen.height) }
  } catch {
    return null
  }
}

/** Trouble is not worth a word: the window then opens in its usual place. */
export function keepBounds(file: string, bounds: WindowBounds): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileAtomic.sync(file, JSON.stringify(bounds))
  } catch {
    return
  }
}

/** Enough of the title bar to be caught by the mouse. */
function showsTitle(screen: Area, window: Area): boolean {
  const overlap = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x)
  return overlap >= 100 && window.y >= screen.y && window.y <= screen.y + screen.height - 50
}
