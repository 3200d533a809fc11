/**
 * Whose results an Authentication-Results field claims to be (RFC 8601 §2.2). Promises: a field that any careful
 * reader would take for ours is recognised, however it is spelled (case, folding, comments, quotes, a final dot).
 */

/** `field`: one unfolded header field, one character per octet. Whether it is Authentication-Results of this authserv-id. */
export function claimsResultsOf(field: string, authservId: string): boolean {
  // Control octets before the colon are no part of the syntax, but lenient readers trim them.
  const head = /^authentication-results[\x00-\x20\x7f-\xa0]*:/i.exec(field)
  if (head === null) return false
  const value = field.slice(head[0].length)
  const ours = bare(authservId)
  const words = authservWords(value)
  if (words === null) return value.toLowerCase().includes(ours)
  return bare(words[0] ?? '') === ours || bare(words.join('')) === ours
}

function bare(name: string): string {
  return name.toLowerCase().replace(/\.+$/, '')
}

/** The words before the first ";", without comments and with quotes undone; null if a comment or a quote is never closed. */
function authservWords(value: string): readonly string[] | null {
  const words: string[] = []
  let index = 0
  while (index < value.length) {
    const char = value[index] ?? ''
    if (char === ';') break
    if (char === '(') {
      const end = endOfComment(value, index)
      if (end === null) return null
      index = end
    } else if (char === '"') {
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(value.slice(index))
      if (quoted === null) return null
      words.push((quoted[1] ?? '').replace(/\\([\s\S])/g, '$1').trim())
      index += quoted[0].length
    } else {
      // RFC 2045 token: no control octets, space or tspecials.
      const token = /^[^\x00-\x20\x7f()<>@,;:\\"/[\]?=]+/.exec(value.slice(index, index + 512))
      if (token !== null) words.push(token[0])
      index += token?.[0].length ?? 1
    }
  }
  return words
}

/** RFC 5322 §3.2.2: comments nest, a backslash takes the next octet with it. The index behind the comment. */
function endOfComment(value: string, start: number): number | null {
  let depth = 0
  for (let index = start; index < value.length; index += 1) {
    const char = value[index]
    if (char === '\\') index += 1
    else if (char === '(') depth += 1
    else if (char === ')') {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return null
}
