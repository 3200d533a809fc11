// Draws the program's icons from their SVG sources: build/icons/png/SIZExSIZE.png and porch.ico. Run by hand after a change
// (node build/icons.mjs; Debian's Chromium is needed); what it makes is kept in the repository.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { root } from './tools.mjs'

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512]
/** Up to this size the simpler drawing. */
const SMALL = 32
const IN_ICO = SIZES.filter((size) => size <= 256)

const icons = join(root, 'build', 'icons')
const source = (size) => readFileSync(join(icons, size <= SMALL ? 'porch-small.svg' : 'porch.svg'), 'utf8')

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage()
mkdirSync(join(icons, 'png'), { recursive: true })
const drawn = new Map()
for (const size of SIZES) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${source(size)}`)
  const png = await page.screenshot({ omitBackground: true })
  drawn.set(size, png)
  writeFileSync(join(icons, 'png', `${size}x${size}.png`), png)
}
await browser.close()
writeFileSync(join(icons, 'porch.ico'), ico(IN_ICO.map((size) => ({ size, png: drawn.get(size) }))))

/** An .ico file whose images are PNGs (Windows Vista and later): a header, an entry for each image, the images. */
function ico(images) {
  const header = Buffer.alloc(6)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  let offset = header.length + 16 * images.length
  const entries = images.map(({ size, png }) => {
    const entry = Buffer.alloc(16)
    // 0 stands for 256.
    entry.writeUInt8(size % 256, 0)
    entry.writeUInt8(size % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
    return entry
  })
  return Buffer.concat([header, ...entries, ...images.map(({ png }) => png)])
}
