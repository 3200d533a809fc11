/**
 * Rules from nftables sets: what `nft list set`, `list ruleset` and files for `nft -f` hold, elements of sets of addresses, also
 * ranges, with timeouts and comments. The other way is nftwrite.ts.
 */
import { parseRange, rangeNetworks } from '../net/range.ts'
import { asciiText } from '../net/safetext.ts'
import { MAX_LIST_LINES } from './listrow.ts'
import type { ListRow } from './listrow.ts'
import { NFT_TABLE } from './nftwrite.ts'

/** Whether the first line that says something is one of nftables'. */
export function isNft(text: string): boolean {
  const first = /^(?:\s|#[^\n]*(?:\n|$))*([^\n]*)/.exec(text)?.[1] ?? ''
  return /^((add|create|flush|delete|destroy|list)\s+)?(table|set|element|ruleset)\b/.test(first) || /^(define|include)\s/.test(first)
}

interface Token {
  readonly line: number
  readonly text: string
  readonly quoted: boolean
  /** The first of its line. */
  readonly leads: boolean
}

interface SetTraits {
  readonly name: string
  /** The type of its elements as written; null: not said here. */
  type: string | null
  timed: boolean
  /** ms that an element without a time of its own has; null: for good. */
  timeout: number | null
}

/** Elements as rows; a text is what is wrong with the file. `now`: what remaining times are counted from. */
export function readNft(text: string, now: number): ListRow[] | string {
  const tokens = tokensOf(text)
  return typeof tokens === 'string' ? tokens : new Reader(tokens, now).read()
}

function tokensOf(text: string): Token[] | string {
  const piece = /[ \t\r]+|(\n)|#[^\n]*|\\\n|"([^"\n]*)"|([{}=,;])|([^\s{}=,;"#]+)/y
  const tokens: Token[] = []
  let line = 1
  let leads = true
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text)
    if (match === null) return `line ${line}: a quote without end`
    const [all, newline, quoted, mark, word] = match
    const said = quoted ?? mark ?? word
    if (said !== undefined) {
      tokens.push({ line, text: said, quoted: quoted !== undefined, leads })
      leads = false
    }
    if (newline !== undefined || all === '\\\n') line++
    if (newline !== undefined) leads = true
  }
  return tokens
}

class Reader {
  readonly #tokens: readonly Token[]
  readonly #now: number
  readonly #rows: ListRow[] = []
  /** Sets that were declared, by table and name: `add element` says no type. */
  readonly #sets = new Map<string, SetTraits>()
  #at = 0
  #table = ''
  #found = false

  constructor(tokens: readonly Token[], now: number) {
    this.#tokens = tokens
    this.#now = now
  }

  read(): ListRow[] | string {
    for (let token = this.#next(); token !== null; token = this.#next()) {
      const problem = this.#statement(token)
      if (problem !== null) return problem
      if (this.#rows.length > MAX_LIST_LINES) return `expected at most ${MAX_LIST_LINES} elements`
    }
    return this.#found ? this.#rows : 'expected sets of type ipv4_addr or ipv6_addr; there is none'
  }

  #next(): Token | null {
    return this.#tokens[this.#at++] ?? null
  }

  #peek(): string {
    return this.#tokens[this.#at]?.text ?? ''
  }

  #statement({ text, quoted, leads }: Token): string | null {
    if (quoted) return null
    const after = this.#tokens[this.#at - 2]?.text ?? ''
    if (!leads && !['add', 'create', ';', '{'].includes(after)) return null
    switch (text) {
      case 'table': {
        const words = this.#words()
        if (this.#peek() === '{') this.#table = words.at(-1) ?? ''
        return null
      }
      case 'set':
        return this.#set()
      case 'element':
        return this.#element()
      case 'chain':
      case 'map':
      case 'flowtable':
        this.#words()
        if (this.#peek() === '{') this.#skip()
        return null
      default:
        return null
    }
  }

  /** The words up to a mark or the line's end. */
  #words(): string[] {
    const words: string[] = []
    for (let token = this.#tokens[this.#at]; token !== undefined && !token.leads && !/^[{}=,;]$/.test(token.text); token = this.#tokens[++this.#at]) words.push(token.text)
    return words
  }

  /** A block with all that is in it. */
  #skip(): void {
    let depth = 0
    for (let token = this.#next(); token !== null; token = this.#next()) {
      if (token.quoted) continue
      if (token.text === '{') depth++
      if (token.text === '}' && --depth <= 0) return
    }
  }

  #traits(table: string, name: string): SetTraits {
    const known = this.#sets.get(`${table} ${name}`)
    if (known !== undefined) return known
    const made: SetTraits = { name: table === NFT_TABLE ? name : '', type: null, timed: false, timeout: null }
    this.#sets.set(`${table} ${name}`, made)
    return made
  }

  #set(): string | null {
    const words = this.#words()
    if (this.#peek() !== '{') return null
    this.#at++
    const set = this.#traits(words.length > 1 ? (words.at(-2) ?? '') : this.#table, words.at(-1) ?? '')
    for (let token = this.#next(); token !== null && token.text !== '}'; token = this.#next()) {
      if (token.quoted) continue
      if (token.text === 'type' || token.text === 'typeof') set.type = this.#words().join(' ')
      else if (token.text === 'flags') set.timed = this.#flags().includes('timeout')
      else if (token.text === 'timeout') set.timeout = duration(this.#words().join(''))
      else if (token.text === 'elements') {
        if (this.#peek() === '=') this.#at++
        const problem = this.#elements(set)
        if (problem !== null) return problem
      } else if (token.text === '{') {
        this.#at--
        this.#skip()
      }
    }
    this.#found ||= isOfAddresses(set)
    return null
  }

  #flags(): string[] {
    const flags = this.#words()
    while (this.#peek() === ',') {
      this.#at++
      flags.push(...this.#words())
    }
    return flags
  }

  #element(): string | null {
    const words = this.#words()
    if (this.#peek() !== '{') return null
    this.#found = true
    return this.#elements(this.#traits(words.at(-2) ?? '', words.at(-1) ?? ''))
  }

  #elements(set: SetTraits): string | null {
    if (set.type !== null && !isOfAddresses(set)) {
      this.#skip()
      return null
    }
    if (this.#peek() === '{') this.#at++
    let element: Token[] = []
    for (let token = this.#next(); token !== null; token = this.#next()) {
      const ends = !token.quoted && (token.text === ',' || token.text === '}')
      if (!ends) {
        element.push(token)
        continue
      }
      const problem = element.length === 0 ? null : this.#take(set, element)
      if (problem !== null) return problem
      element = []
      if (token.text === '}') return null
    }
    return `line ${this.#tokens.at(-1)?.line ?? 1}: a "{" without its "}"`
  }

  #take(set: SetTraits, element: readonly Token[]): string | null {
    const { value, rest } = valueOf(element.map(({ text }) => text))
    const line = element[0]?.line ?? 1
    if (/^[.:]$/.test(rest[0] ?? '')) return `line ${line}: ${shown(value)}: expected addresses alone, no ports or verdicts beside them`
    const after = (name: string) => {
      const at = rest.indexOf(name)
      return at === -1 ? null : (rest[at + 1] ?? '')
    }
    const times = [after('expires') ?? after('timeout')].map((text) => (text === null ? set.timeout : duration(text)))
    if (times.some((ms) => ms !== null && Number.isNaN(ms))) return `line ${line}: ${shown(value)}: its timeout is no time`
    const [forMs = null] = times
    const timed = set.timed || forMs !== null
    const until = forMs === null ? '' : new Date(Math.min(this.#now + forMs, 8.64e15)).toISOString()
    const kind = { ban4: 'ban', ban6: 'ban', allow4: 'allow', allow6: 'allow' }[set.name] ?? ''
    const cells = { kind, reason: after('comment') ?? '', ...(timed ? { until } : {}) }
    const range = value.includes('-') ? parseRange(value) : null
    if (value.includes('-') && range === null) return `line ${line}: ${shown(value)}: not a range of addresses`
    const scopes = range === null ? [value] : rangeNetworks(range).map((network) => network.text)
    for (const scope of scopes) this.#rows.push({ line, cells: { ...cells, scope } })
    return null
  }
}

/** "a - b" is one value. */
function valueOf(words: readonly string[]): { readonly value: string; readonly rest: readonly string[] } {
  const [first = '', second = '', third = ''] = words
  if (second === '-') return { value: `${first}-${third}`, rest: words.slice(3) }
  return { value: first, rest: words.slice(1) }
}

function isOfAddresses({ type }: SetTraits): boolean {
  return type !== null && /^(ipv[46]_addr|ip6? (saddr|daddr))$/.test(type)
}

const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const

/** "3d4h5s984ms", or plain seconds; in ms, NaN if it is none. */
function duration(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000
  if (!/^(\d{1,12}(ms|[wdhms]))+$/.test(text)) return Number.NaN
  let ms = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[wdhms])/g)) ms += Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
  return ms
}

function shown(text: string): string {
  return `"${asciiText(text, 80)}"`
}
