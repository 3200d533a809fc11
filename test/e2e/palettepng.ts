/** Makes a screenshot small: a PNG of at most 256 colours, which a page of text hardly has. Colours are rounded until they fit. */
import { crc32, deflateSync } from 'node:zlib'
import type { Page } from 'playwright-core'

interface Indexed {
  readonly width: number
  readonly height: number
  readonly palette: readonly number[]
  /** Base64, one octet per pixel. */
  readonly pixels: string
}

/** `page` only lends its decoder. */
export async function paletted(png: Buffer, page: Page): Promise<Buffer> {
  const { width, height, palette, pixels } = await page.evaluate(indexed, png.toString('base64'))
  const rows = Buffer.from(pixels, 'base64')
  // PNG (RFC 2083): each row begins with its filter, 0 for none, which is best for palettes.
  const raw = Buffer.concat(Array.from({ length: height }, (_, row) => Buffer.concat([Buffer.of(0), rows.subarray(row * width, (row + 1) * width)])))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return Buffer.concat([signature, chunk('IHDR', header), chunk('PLTE', Buffer.from(palette)), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(4)
  frame.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([frame, body, check])
}

/** Runs in the page. */
async function indexed(base64: string): Promise<Indexed> {
  const octets = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const image = await createImageBitmap(new Blob([octets], { type: 'image/png' }))
  const { width, height } = image
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  for (let step = 1; ; step *= 2) {
    const colours = new Map<number, number>()
    const pixels = new Uint8Array(width * height)
    const round = (value: number) => (value >= 256 - step ? 255 : Math.floor(value / step) * step)
    for (let at = 0; at < pixels.length && colours.size <= 256; at += 1) {
      const colour = (round(data[at * 4] ?? 0) << 16) | (round(data[at * 4 + 1] ?? 0) << 8) | round(data[at * 4 + 2] ?? 0)
      const index = colours.get(colour) ?? colours.size
      colours.set(colour, index)
      pixels[at] = index
    }
    if (colours.size > 256) continue
    let text = ''
    for (let at = 0; at < pixels.length; at += 8192) text += String.fromCharCode(...pixels.subarray(at, at + 8192))
    return { width, height, palette: [...colours.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]), pixels: btoa(text) }
  }
}
