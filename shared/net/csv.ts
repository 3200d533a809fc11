/** CSV as spreadsheets read it (RFC 4180), in which no cell is ever taken for a formula: text from outside stands in it. */

const FORMULA = /^[\s']*[=+\-@]|^'*[\t\r]/

/** A cell that begins like a formula gets an apostrophe before it; one that stands there already is doubled with it on the way. */
export function csvCell(text: string): string {
  const guarded = isGuarded(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** The text of a cell that `csvCell` wrote. */
export function unguarded(text: string): string {
  return text.startsWith("'") && isGuarded(text) ? text.slice(1) : text
}

function isGuarded(text: string): boolean {
  return FORMULA.test(text)
}

/** Numbers stay numbers, also negative ones. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map((cell) => (typeof cell === 'number' ? String(cell) : csvCell(cell))).join(',')}\r\n`).join('')
}
