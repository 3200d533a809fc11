/**
 * The console's page as built (dist/renderer), read into memory once. Only what is in this list can ever be served, so
 * no path, however encoded, leads out of the folder; there is nothing to list.
 */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'

export interface PageFile {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  /** The name carries a hash of the content: it may be kept for ever. */
  readonly immutable: boolean
}

export interface PageFiles {
  /** `path`: decoded, beginning with "/". Paths without a file extension are the page's own and get its document. */
  find(path: string): PageFile | null
}

/** More is not a console. */
const MAX_FILES = 500

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** A folder that is missing has no files: the gate runs without its page, which then says how to build it. */
export async function readPage(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  for (const path of await filesBelow(folder)) files.set(`/${path}`, pageFile(path, await readFile(join(folder, path))))
  return {
    find(path) {
      if (extname(path) === '') return files.get('/index.html') ?? null
      return files.get(path) ?? null
    },
  }
}

/** Paths relative to `folder`, with "/". Folder by folder: inside a packaged archive a recursive listing cannot be relied on. */
async function filesBelow(folder: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => [])
  const found: string[] = []
  for (const entry of entries) {
    const path = `${prefix}${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, `${path}/`)))
    else if (entry.isFile() && extname(entry.name) in TYPES) found.push(path)
  }
  return found.slice(0, MAX_FILES)
}

function pageFile(path: string, body: Buffer): PageFile {
  return {
    body,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: /^assets\/.+-[\w-]{8,}\.\w+$/.test(path),
  }
}
