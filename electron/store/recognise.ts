/**
 * Whether a file is a store of Porch, told from its bytes: opened by SQLite, even read-only, a copy with a write-ahead log gets
 * two files beside it. Reads the pages of the schema alone (https://sqlite.org/fileformat2.html, §1.6), however large the file is.
 */
import { closeSync, openSync, readSync } from 'node:fs'

const MAGIC = 'SQLite format 3\0'
const INTERIOR = 5
const LEAF = 13
/** The schema has a few; a file that names more is no store of ours, or torn. */
const MOST_PAGES = 64
/** As type, name and table stand beside each other in a record of the schema. */
const OUR_TABLES = ['tableblocksblocks', 'tablesmall_valuessmall_values']

export function isStore(file: string): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const head = bytesAt(descriptor, 0, 100)
    if (head.length < 100 || head.toString('latin1', 0, 16) !== MAGIC) return false
    const size = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
    const text = schemaPages((page) => bytesAt(descriptor, (page - 1) * size, size)).map((page) => page.toString('latin1')).join('')
    return OUR_TABLES.every((table) => text.includes(table))
  } finally {
    closeSync(descriptor)
  }
}

function schemaPages(read: (page: number) => Buffer): Buffer[] {
  const leaves: Buffer[] = []
  const open = [1]
  for (let looked = 0; open.length > 0 && looked < MOST_PAGES; looked++) {
    const number = open.shift() ?? 1
    const page = read(number)
    // The file's own header lies before the first page's.
    const at = number === 1 ? 100 : 0
    if (page.length < at + 12) continue
    if (page[at] === LEAF) leaves.push(page)
    if (page[at] !== INTERIOR) continue
    for (let cell = 0; cell < page.readUInt16BE(at + 3) && at + 14 + 2 * cell <= page.length; cell++) {
      const child = page.readUInt16BE(at + 12 + 2 * cell)
      if (child + 4 <= page.length) open.push(page.readUInt32BE(child))
    }
    open.push(page.readUInt32BE(at + 8))
  }
  return leaves
}

function bytesAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(length, 0))
  return position < 0 ? bytes.subarray(0, 0) : bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position))
}
