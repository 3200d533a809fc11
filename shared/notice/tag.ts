/**
 * Tagged addresses: each notice's reverse-path and reply address carry its tag, so that a bounce or an answer that comes in through the
 * gate is known for what it is. Whoever guesses one of 2^80 tags could reach the shop's own mailbox, which everybody may write to anyway.
 */

export type TagKind = 'bounce' | 'answer'

const TAGGED = /^porch-(bounce|answer)\+([0-9a-f]{20})$/i

/** "porch-bounce+0123456789abcdef0123@shop.example". */
export function taggedAddress(kind: TagKind, tag: string, domain: string): string {
  return `porch-${kind}+${tag}@${domain}`
}

/** What an address says it is; null for any other. `tag` in lower case, as it was given out. */
export function readTagged(address: string): { readonly kind: TagKind; readonly tag: string; readonly domain: string } | null {
  const at = address.lastIndexOf('@')
  const match = TAGGED.exec(address.slice(0, Math.max(0, at)))
  if (match === null) return null
  return { kind: match[1]?.toLowerCase() === 'bounce' ? 'bounce' : 'answer', tag: (match[2] ?? '').toLowerCase(), domain: address.slice(at + 1).toLowerCase() }
}
