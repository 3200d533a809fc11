/** A plot of bars in a stack with its legend, the figures under the pointer, and the same as a table and as files. */
import { useEffect, useRef, useState } from 'react'
import { saveBlob, saveText } from './save.ts'
import { drawPlot, plotImage } from './plotdraw.ts'
import type { PlotData } from './plotdraw.ts'
import { fillOf, inkOf, LIGHT, paintOf } from './plotpaint.ts'
import type { Texture } from './plotpaint.ts'
import { usePaper } from './usepaper.ts'
import { reportsWords as words } from '../words/reports.ts'

export interface PlotProps {
  /** What it shows, and of when. */
  readonly what: string
  readonly title: string
  readonly data: PlotData
  /** Of each slice, in full. */
  readonly slices: readonly string[]
  /** What is said in its place where there is nothing to draw. */
  readonly nothing: string
  /** The sum of each part over all slices, for who cannot see it. */
  readonly sums: readonly number[]
  /** Anything by which a changed colour scheme is noticed. */
  readonly scheme: string
  readonly tables: boolean
  readonly onTables: (shown: boolean) => void
  readonly csv: () => string
  /** The beginning of files' names. */
  readonly file: string
  readonly onSaid: (text: string, ok: boolean) => void
  /** A slice was clicked; null: there is nothing closer. */
  readonly onChoose: ((slice: number) => void) | null
  /** The table behind it. */
  readonly children: React.ReactNode
}

const HEIGHT = 240
const PAPER_WIDTH = 680

export function Plot(props: PlotProps) {
  const { what, title, data, slices, sums, tables, onTables, csv, file, onSaid, children } = props
  const [hovered, setHovered] = useState<number | null>(null)
  const parts = (at: number) => data.parts.filter(({ values }) => (values[at] ?? 0) > 0).map(({ name, values }) => words.counted(name, values[at] ?? 0))
  const image = async () => {
    const blob = await plotImage(data, `${what}: ${title}`)
    if (blob === null) return onSaid(words.notDrawn, false)
    saveBlob(`${file}.png`, blob)
    onSaid(words.saved(`${file}.png`), true)
  }
  const text = () => {
    saveText(`${file}.csv`, csv())
    onSaid(words.saved(`${file}.csv`), true)
  }
  const told = data.parts.flatMap(({ name }, at) => ((sums[at] ?? 0) > 0 ? [words.counted(name, sums[at] ?? 0)] : []))
  return (
    <section className="reportpart" aria-label={what}>
      <header className="parthead">
        <h3>{what}</h3>
        <div className="grow" />
        <button type="button" className="action" aria-expanded={tables} onClick={() => onTables(!tables)}>{tables ? words.hideTable : words.asTable}</button>
        <button type="button" className="action" aria-label={words.csvOf(what)} onClick={text}>{words.csv}</button>
        <button type="button" className="action" aria-label={words.pngOf(what)} onClick={() => void image()}>{words.png}</button>
      </header>
      {told.length === 0 ? <p className="dim">{props.nothing}</p> : (
        <>
          <Legend parts={data.parts} scheme={props.scheme} />
          <Canvas {...props} label={words.plotLabel(what, title, told)} onHover={setHovered} />
          <p className="dim underplot" aria-hidden>{hovered === null || slices[hovered] === undefined ? (props.onChoose === null ? words.hoverHintHours : words.hoverHint) : words.at(slices[hovered], parts(hovered))}</p>
        </>
      )}
      <div className="behind" hidden={!tables}>{children}</div>
    </section>
  )
}

function Canvas({ data, scheme, label, onHover, onChoose }: PlotProps & { readonly label: string; readonly onHover: (slice: number | null) => void }) {
  const host = useRef<HTMLDivElement>(null)
  const hovered = useRef<number | null>(null)
  const paper = usePaper()
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const paint = paper ? LIGHT : paintOf(element)
    const hover = (slice: number | null) => {
      hovered.current = slice
      onHover(slice)
    }
    const width = () => (paper ? PAPER_WIDTH : Math.max(200, element.clientWidth))
    const plot = drawPlot(element, data, paint, { width: width(), height: HEIGHT }, hover)
    const observer = new ResizeObserver(() => plot.setSize({ width: width(), height: HEIGHT }))
    if (!paper) observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [data, scheme, paper, onHover])
  const choose = () => {
    if (hovered.current !== null) onChoose?.(hovered.current)
  }
  return <div ref={host} className="plot" role="img" aria-label={label} data-choose={onChoose !== null || undefined} onClick={choose} />
}

function Legend({ parts, scheme }: { readonly parts: PlotData['parts']; readonly scheme: string }) {
  return <ul className="plotlegend">{parts.map(({ name, texture }) => <li key={name}><Swatch texture={texture} scheme={scheme} />{name}</li>)}</ul>
}

function Swatch({ texture, scheme }: { readonly texture: Texture; readonly scheme: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const paper = usePaper()
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d') ?? null
    if (element === null || context === null) return
    const size = Math.round(12 * devicePixelRatio)
    element.width = size
    element.height = size
    const paint = paper ? LIGHT : paintOf(element)
    context.fillStyle = fillOf(paint, texture)
    context.fillRect(0, 0, size, size)
    context.strokeStyle = inkOf(paint, texture)
    context.strokeRect(0.5, 0.5, size - 1, size - 1)
  }, [texture, scheme, paper])
  return <canvas ref={canvas} className="swatch" aria-hidden />
}
