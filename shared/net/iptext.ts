/**
 * Addresses as text and as octets, both ways, strictly: four decimal parts without leading zeros (RFC 6943 §3.1.1), RFC 4291 §2.2 for IPv6
 * without a zone index; written as RFC 5952 wants. Every connection is read and compared by these, so they are plain loops.
 */

const GROUP = /^[0-9a-f]{1,4}$/i
const LONGEST_IPV4 = 15
const DOT = 46
const ZERO = 48
const NINE = 57
/** The longest: eight groups of four, or six and a dotted quad. */
const LONGEST = 45

/** 4 octets, or null. */
export function readIpv4(text: string): number[] | null {
  const end = text.length
  if (end > LONGEST_IPV4) return null
  const octets: number[] = []
  let octet = -1
  for (let at = 0; at <= end; at += 1) {
    const code = at === end ? DOT : text.charCodeAt(at)
    if (code === DOT) {
      if (octet === -1) return null
      octets.push(octet)
      octet = -1
    } else {
      // After a leading zero there is no second digit.
      if (code < ZERO || code > NINE || octet === 0) return null
      octet = (octet === -1 ? 0 : octet * 10) + code - ZERO
      if (octet > 255) return null
    }
  }
  // A copy has no room to grow: each open connection and each rule keeps one.
  return octets.length === 4 ? octets.slice() : null
}

/** 16 octets, or null. */
export function readIpv6(text: string): number[] | null {
  if (text.length > LONGEST || !text.includes(':')) return null
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return null
  if (tail === undefined) {
    const octets = readGroups(head, true)
    return octets?.length === 16 ? octets : null
  }
  const before = readGroups(head, false)
  const after = readGroups(tail, true)
  if (before === null || after === null || before.length + after.length > 14) return null
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after]
}

/** "1:2:3" as octets; '' as none. A dotted quad may be the last group if `dotted`. */
function readGroups(text: string, dotted: boolean): number[] | null {
  if (text === '') return []
  const octets: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (GROUP.test(group)) {
      const value = parseInt(group, 16)
      octets.push(value >> 8, value & 0xff)
      continue
    }
    const quad = dotted && index === groups.length - 1 ? readIpv4(group) : null
    if (quad === null) return null
    octets.push(...quad)
  }
  return octets
}

/** RFC 5952 §4 of 16 octets from `start`; an IPv4-mapped address in the mixed form of its §5. */
export function ipv6Text(octets: ArrayLike<number>, start = 0): string {
  const words: number[] = []
  for (let at = start; at < start + 16; at += 2) words.push((octets[at]! << 8) | octets[at + 1]!)
  if (words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0)) {
    return `::ffff:${octets[start + 12]!}.${octets[start + 13]!}.${octets[start + 14]!}.${octets[start + 15]!}`
  }
  const zeros = longestZeros(words)
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':')
  return zeros === null ? hex(words) : `${hex(words.slice(0, zeros.from))}::${hex(words.slice(zeros.to))}`
}

/** The first of the longest runs of two or more zero groups. */
function longestZeros(words: readonly number[]): { readonly from: number; readonly to: number } | null {
  let best: { readonly from: number; readonly to: number } | null = null
  for (let from = 0; from < 8; from += 1) {
    let to = from
    while (to < 8 && words[to] === 0) to += 1
    if (to - from >= 2 && (best === null || to - from > best.to - best.from)) best = { from, to }
    if (to > from) from = to
  }
  return best
}
