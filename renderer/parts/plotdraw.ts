/** Bars in a stack, drawn by uPlot; on the page, and once more as an image with its title and what the textures mean. */
import uPlot from 'uplot'
import { fillOf, inkOf, LIGHT } from './plotpaint.ts'
import type { Paint, Texture } from './plotpaint.ts'

/** One part of the stack, from the ground up; a value for each slice. */
export interface PlotPart {
  readonly name: string
  readonly texture: Texture
  readonly values: readonly number[]
}

export interface PlotData {
  /** Of each slice, short. */
  readonly ticks: readonly string[]
  readonly parts: readonly PlotPart[]
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif'
const TICK_ROOM = 64
const INCREMENTS = [1, 2, 5].flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power)).sort((a, b) => a - b)
const numbers = new Intl.NumberFormat('en-US')

/** `onHover`: told the slice under the pointer, null for none. */
export function drawPlot(element: HTMLElement, { ticks, parts }: PlotData, paint: Paint, size: { readonly width: number; readonly height: number }, onHover: ((slice: number | null) => void) | null): uPlot {
  const bars = uPlot.paths.bars?.({ size: [0.78, 56], gap: 0 })
  const ink = { stroke: paint.dim, font: FONT, grid: { stroke: paint.line, width: 1 }, ticks: { show: false } }
  // Each bar reaches from the ground up to its own height; the highest is drawn first.
  const sums = stacked(parts, ticks.length).toReversed()
  const options: uPlot.Options = {
    ...size,
    legend: { show: false },
    cursor: { show: onHover !== null, x: false, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    padding: [10, 8, 0, 0],
    scales: { x: { time: false, range: () => [-0.5, ticks.length - 0.5] }, y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.04)] } },
    axes: [
      { ...ink, grid: { show: false }, size: 28, splits: (plot) => splitsOf(ticks.length, plot.width), values: (_plot, splits) => splits.map((at) => ticks[at] ?? '') },
      { ...ink, size: (_plot, values) => 18 + 7 * Math.max(2, ...(values ?? []).map((value) => value.length)), incrs: INCREMENTS, values: (_plot, splits) => splits.map((value) => numbers.format(value)) },
    ],
    series: [{}, ...parts.toReversed().map((part): uPlot.Series => ({
      label: part.name, fill: fillOf(paint, part.texture), stroke: inkOf(paint, part.texture), width: 1, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }),
    }))],
    hooks: onHover === null ? {} : { setCursor: [(plot: uPlot) => onHover(plot.cursor.idx ?? null)] },
  }
  return new uPlot(options, [ticks.map((_, at) => at), ...sums], element)
}

/** Null where nothing is drawn: a bar of no height would be a line. */
function stacked(parts: readonly PlotPart[], slices: number): (number | null)[][] {
  const sum = Array.from({ length: slices }, () => 0)
  return parts.map(({ values }) => {
    for (let at = 0; at < slices; at++) sum[at] = (sum[at] ?? 0) + (values[at] ?? 0)
    return sum.map((height) => (height === 0 ? null : height))
  })
}

function splitsOf(slices: number, width: number): number[] {
  const every = Math.max(1, Math.ceil(slices / Math.max(1, Math.floor(width / TICK_ROOM))))
  return Array.from({ length: Math.ceil(slices / every) }, (_, at) => at * every)
}

const IMAGE = { width: 1200, height: 420, head: 64, foot: 44, margin: 24 }

/** A PNG in light colours; null if the browser cannot. */
export async function plotImage(data: PlotData, title: string): Promise<Blob | null> {
  const stage = document.createElement('div')
  const plot = drawPlot(stage, data, LIGHT, { width: IMAGE.width - 2 * IMAGE.margin, height: IMAGE.height }, null)
  // It draws in a microtask.
  await Promise.resolve()
  await new Promise((resolve) => setTimeout(resolve, 0))
  const drawn = plot.ctx.canvas
  const scale = drawn.width / (IMAGE.width - 2 * IMAGE.margin)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(IMAGE.width * scale)
  canvas.height = Math.round((IMAGE.height + IMAGE.head + IMAGE.foot) * scale)
  const context = canvas.getContext('2d')
  if (context === null) return null
  context.scale(scale, scale)
  context.fillStyle = LIGHT.surface
  context.fillRect(0, 0, IMAGE.width, IMAGE.height + IMAGE.head + IMAGE.foot)
  context.fillStyle = LIGHT.text
  context.font = FONT.replace('12px', '600 20px')
  context.fillText(title, IMAGE.margin, 40)
  context.drawImage(drawn, IMAGE.margin, IMAGE.head, IMAGE.width - 2 * IMAGE.margin, IMAGE.height)
  drawLegend(context, data)
  plot.destroy()
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}

function drawLegend(context: CanvasRenderingContext2D, { parts }: PlotData): void {
  let x = IMAGE.margin
  const y = IMAGE.height + IMAGE.head + 14
  context.font = FONT.replace('12px', '14px')
  for (const { name, texture } of parts) {
    context.fillStyle = fillOf(LIGHT, texture)
    context.fillRect(x, y, 14, 14)
    context.strokeStyle = inkOf(LIGHT, texture)
    context.strokeRect(x, y, 14, 14)
    context.fillStyle = LIGHT.text
    context.fillText(name, x + 20, y + 12)
    x += 44 + context.measureText(name).width
  }
}
