/**
 * Untrusted text made visible: EHLO names, PTR names, MAIL FROM, a backend's words. Whatever comes in, one line of text comes out
 * in which nothing is hidden, nothing is reordered and nothing ends the line. Console, log and replies show outside text only through this.
 */

/**
 * What a screen would not show as itself: controls (C0, DEL, C1), format characters (bidi marks and overrides, zero width, tags, soft
 * hyphen), line and paragraph separators, odd spaces, lone surrogates, private and unassigned code points, and a few letters that are drawn as nothing.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu

/** Three stacked marks are a language, four a mess that runs over its neighbours' lines. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu

/** For the log and the console: letters of any script stay, everything invisible is written as `\x1b` or `\u{202e}`. */
export function visibleText(text: string, limit = Number.POSITIVE_INFINITY): string {
  return clipped(text, limit).replace(INVISIBLE, escaped).replace(STACKED_MARKS, '$1')
}

/** For names (a look-alike letter must not pass for another) and for SMTP replies (RFC 5321 §4.2: ASCII): printable ASCII only, the rest written as `\xe9` or `\u{430}`. */
export function asciiText(text: string, limit = Number.POSITIVE_INFINITY): string {
  return clipped(text, limit).replace(/[^\x20-\x7e]/gu, escaped)
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/** At most `limit` UTF-16 units of the original, the cut marked; a surrogate pair is not torn. */
function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = Math.max(0, limit - 3)
  const whole = /[\ud800-\udbff]/.test(text.charAt(cut - 1)) ? cut - 1 : cut
  return `${text.slice(0, whole)}...`
}
