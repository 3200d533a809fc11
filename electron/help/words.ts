/** The shop's own introduction on the help page: `help.txt` in the data folder, plain text, paragraphs parted by empty lines. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

const MAX_BYTES = 20_000

/** Read anew when the file changes; a file that is missing, empty, too long or unreadable is no introduction. */
export function shopWords(dataDir: string): () => Promise<string | null> {
  const file = join(dataDir, 'help.txt')
  let known: { readonly stamp: string; readonly text: string | null } | null = null
  return async () => {
    try {
      const { mtimeMs, size } = await stat(file)
      const stamp = `${mtimeMs} ${size}`
      if (known?.stamp !== stamp) known = { stamp, text: size > MAX_BYTES ? null : (await readFile(file, 'utf8')).trim() || null }
      return known.text
    } catch {
      return null
    }
  }
}
