/** How a plot is painted: colours of the page (or the light ones, for paper and images), and a texture for each part, so that none is told by colour alone. */
import { light } from '../theme.ts'

export type Texture = 'solid' | 'rising' | 'falling' | 'dots' | 'pale'

export interface Paint {
  readonly text: string
  readonly dim: string
  readonly line: string
  readonly strong: string
  readonly surface: string
  readonly accent: string
}

export const LIGHT: Paint = { text: light.text, dim: light.dim, line: light.line, strong: light.strong, surface: light.surface, accent: light.accent }

/** As the page looks now. */
export function paintOf(element: Element): Paint {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--porch-${name}`).trim() || '#888888'
  return { text: token('text'), dim: token('dim'), line: token('line'), strong: token('strong'), surface: token('surface'), accent: token('accent') }
}

/** The colour of a texture's strokes. */
export function inkOf(paint: Paint, texture: Texture): string {
  switch (texture) {
    case 'solid': return paint.text
    case 'rising': return paint.accent
    case 'falling': case 'dots': return paint.dim
    case 'pale': return paint.strong
  }
}

/** Opaque, as bars of a stack lie before one another. Falls back to the colour where there is no canvas. */
export function fillOf(paint: Paint, texture: Texture): CanvasPattern | string {
  const ink = inkOf(paint, texture)
  if (texture === 'solid' || texture === 'pale') return ink
  const size = Math.round(6 * devicePixelRatio)
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const context = tile.getContext('2d')
  if (context === null) return ink
  context.fillStyle = paint.surface
  context.fillRect(0, 0, size, size)
  context.strokeStyle = ink
  context.fillStyle = ink
  context.lineWidth = size / 2.6
  if (texture === 'dots') {
    context.beginPath()
    context.arc(size / 2, size / 2, size / 3.2, 0, 7)
    context.fill()
  } else {
    const up = texture === 'rising'
    // The neighbours' ends of the stroke as well, so that the tiles join.
    for (const shift of [-size, 0, size]) {
      context.beginPath()
      context.moveTo(shift - size / 2, up ? size * 1.5 : -size / 2)
      context.lineTo(shift + size * 1.5, up ? -size / 2 : size * 1.5)
      context.stroke()
    }
  }
  return context.createPattern(tile, 'repeat') ?? ink
}
