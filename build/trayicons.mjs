// Draws the tray's icons into build/icons/tray: a porch (roof, posts, door, step) in three states that differ in shape, not in
// colour alone: ok; attention (a disc with an exclamation mark); off (struck through). Each for light and dark panels alike, with a
// twofold one, and as a template (black and clear) for systems that colour it themselves. Run it after a change; the files are kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'

const folder = fileURLToPath(new URL('icons/tray', import.meta.url))
/** Samples per pixel and axis. */
const FINE = 8
const COLOURS = { house: [47, 128, 237], grey: [140, 146, 158], edge: [255, 255, 255], alert: [232, 89, 12], black: [0, 0, 0] }

const inBox = (x, y, left, top, right, bottom) => x >= left && x < right && y >= top && y < bottom
const inDisc = (x, y, cx, cy, r) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r
const inRoof = (x, y) => y >= 0.06 && y < 0.44 && Math.abs(x - 0.5) <= ((y - 0.06) / 0.38) * 0.47
const inHouse = (x, y) => inRoof(x, y) || inBox(x, y, 0.12, 0.44, 0.24, 0.86) || inBox(x, y, 0.76, 0.44, 0.88, 0.86) || inBox(x, y, 0.37, 0.52, 0.63, 0.86) || inBox(x, y, 0.05, 0.86, 0.95, 0.96)
const onSlash = (x, y, half) => Math.abs(x + y - 1) <= half && x > 0.02 && x < 0.98

/** What is at this point: a colour's name, or null. The first that holds. */
const SHAPES = {
  ok: (x, y) => (inHouse(x, y) ? 'house' : null),
  attention: (x, y) => {
    if (inDisc(x, y, 0.7, 0.7, 0.29)) return inBox(x, y, 0.655, 0.5, 0.745, 0.74) || inBox(x, y, 0.655, 0.79, 0.745, 0.88) ? 'edge' : 'alert'
    return !inDisc(x, y, 0.7, 0.7, 0.35) && inHouse(x, y) ? 'house' : null
  },
  off: (x, y) => (onSlash(x, y, 0.075) ? 'grey' : !onSlash(x, y, 0.17) && inHouse(x, y) ? 'grey' : null),
}

function draw(shape, size, template) {
  const pixels = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0]
      let hit = 0
      for (let sample = 0; sample < FINE * FINE; sample += 1) {
        const name = shape((column + ((sample % FINE) + 0.5) / FINE) / size, (row + (Math.floor(sample / FINE) + 0.5) / FINE) / size)
        // In a template what is white elsewhere is a hole.
        if (name === null || (template && name === 'edge')) continue
        hit += 1
        COLOURS[template ? 'black' : name].forEach((value, index) => (sum[index] += value))
      }
      const at = (row * size + column) * 4
      sum.forEach((value, index) => (pixels[at + index] = hit === 0 ? 0 : Math.round(value / hit)))
      pixels[at + 3] = Math.round((hit / (FINE * FINE)) * 255)
    }
  }
  return png(pixels, size)
}

function png(pixels, size) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const lines = Buffer.concat(Array.from({ length: size }, (_, row) => Buffer.concat([Buffer.from([0]), pixels.subarray(row * size * 4, (row + 1) * size * 4)])))
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

mkdirSync(folder, { recursive: true })
for (const [name, shape] of Object.entries(SHAPES)) {
  writeFileSync(join(folder, `${name}.png`), draw(shape, 32, false))
  writeFileSync(join(folder, `${name}@2x.png`), draw(shape, 64, false))
  writeFileSync(join(folder, `${name}Template.png`), draw(shape, 18, true))
  writeFileSync(join(folder, `${name}Template@2x.png`), draw(shape, 36, true))
}
