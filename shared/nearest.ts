/** What somebody probably meant to type. */

/** At so many slips of the finger (a letter too many, too few, another one, two in the wrong order) a word is still taken for another. */
const MOST_SLIPS = 2

/** The known word nearest to the one typed; null if none is near. */
export function nearest(typed: string, known: readonly string[]): string | null {
  if (typed.length > 100) return null
  const slips = known.map((word) => ({ word, count: slipsBetween(typed.toLowerCase(), word.toLowerCase()) }))
  const [best] = slips.filter(({ word, count }) => count <= Math.min(MOST_SLIPS, word.length / 3)).sort((a, b) => a.count - b.count)
  return best?.word ?? null
}

/** Damerau and Levenshtein's distance, each pair of letters swapped at most once. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= a.length; row++) {
    rows.push([row])
    for (let column = 1; column <= b.length; column++) {
      const other = a[row - 1] === b[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const least = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + other)
      rows[row]?.push(swapped ? Math.min(least, at(row - 2, column - 2) + 1) : least)
    }
  }
  return at(a.length, b.length)
}
