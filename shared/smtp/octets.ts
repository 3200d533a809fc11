/**
 * Octets and text without any platform's help: what arrives on the wire is read as one character per octet,
 * so that nothing is lost or reinterpreted before it has been judged.
 */

export const CR = 13
export const LF = 10
export const NUL = 0
export const DOT = 46

/** One character per octet, from `from` up to but not including `to`. */
export function octetText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let start = from; start < to; start += 4096) {
    text += String.fromCharCode.apply(null, bytes.subarray(start, Math.min(to, start + 4096)) as unknown as number[])
  }
  return text
}

/** The octets of such a text. */
export function textOctets(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** Reads octet text as UTF-8 (RFC 3629); null if it is not well-formed. */
export function utf8Text(octets: string): string | null {
  if (/^[\x00-\x7f]*$/.test(octets)) return octets
  try {
    return decodeURIComponent(octets.replace(/[%\x80-\xff]/g, (octet) => `%${octet.charCodeAt(0).toString(16)}`))
  } catch {
    return null
  }
}

/** For transcripts: UTF-8 where it is well-formed, and every control or stray octet as \xNN. Never a line end. */
export function visible(octets: string): string {
  if (/^[\x20-\x7e]*$/.test(octets)) return octets
  const text = utf8Text(octets)
  return (text ?? octets).replace(text === null ? /[^\x20-\x7e]/g : /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, (character) =>
    `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
