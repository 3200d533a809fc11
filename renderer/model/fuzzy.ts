/** Fuzzy matching for the palette: the typed letters in order, words' beginnings and runs first. Pure. */

/** Higher is better; null: the letters are not there in this order. Spaces part words that may match anywhere. */
export function fuzzyScore(typed: string, text: string): number | null {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const target = text.toLowerCase()
  let score = 0
  for (const word of words) {
    const own = scoreWord(word, target)
    if (own === null) return null
    score += own
  }
  return score
}

function scoreWord(word: string, target: string): number | null {
  const whole = target.indexOf(word)
  if (whole >= 0) return 100 + word.length * 4 + (startsWord(target, whole) ? 50 : 0) - Math.min(whole, 40) / 4
  let at = -1
  let score = 0
  for (const letter of word) {
    const next = nextPlace(target, letter, at + 1)
    if (next < 0) return null
    score += startsWord(target, next) ? 8 : next === at + 1 ? 4 : -Math.min(next - at, 10) / 4
    at = next
  }
  return score
}

/** The beginning of a later word if that is where the letter stands, else the nearest place. */
function nextPlace(target: string, letter: string, from: number): number {
  const near = target.indexOf(letter, from)
  if (near < 0 || near === from || startsWord(target, near)) return near
  for (let at = near; at >= 0; at = target.indexOf(letter, at + 1)) if (startsWord(target, at)) return at
  return near
}

function startsWord(target: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(target.charAt(at - 1))
}

/** Those that match, best first; all of them, in their order, while nothing is typed. */
export function fuzzyFilter<T>(typed: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  if (typed.trim() === '') return items
  const scored = items.flatMap((item, index) => {
    const score = fuzzyScore(typed, textOf(item))
    return score === null ? [] : [{ item, score, index }]
  })
  return scored.sort((a, b) => b.score - a.score || a.index - b.index).map(({ item }) => item)
}
