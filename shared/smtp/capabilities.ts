/** What a backend's EHLO reply offers (RFC 5321 §4.1.1.1), and which parameters it can therefore be given. */

export interface EhloCapabilities {
  /** Octets; 0: no limit stated; null: SIZE (RFC 1870) is not offered. */
  readonly size: number | null
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
  readonly dsn: boolean
  readonly pipelining: boolean
  readonly startTls: boolean
  /** XCLIENT attribute names, upper case; empty: not offered. */
  readonly xclient: readonly string[]
}

/** `lines`: the texts of the EHLO reply; the first is the greeting. Unknown keywords are ignored. */
export function parseCapabilities(lines: readonly string[]): EhloCapabilities {
  const offered = new Map<string, readonly string[]>()
  for (const line of lines.slice(1)) {
    const [keyword = '', ...values] = line.trim().toUpperCase().split(/ +/)
    offered.set(keyword, values)
  }
  const size = offered.get('SIZE')
  return {
    size: size === undefined ? null : sizeOf(size[0]),
    eightBitMime: offered.has('8BITMIME'),
    smtpUtf8: offered.has('SMTPUTF8'),
    dsn: offered.has('DSN'),
    pipelining: offered.has('PIPELINING'),
    startTls: offered.has('STARTTLS'),
    xclient: offered.get('XCLIENT') ?? [],
  }
}

function sizeOf(value: string | undefined): number {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : 0
}

/** The parameters of MAIL or RCPT without those whose extension is not offered, and without any that is unknown here. */
export function offeredParameters(parameters: readonly string[], capabilities: EhloCapabilities): readonly string[] {
  return parameters.filter((parameter) => {
    const keyword = (parameter.split('=')[0] ?? '').toUpperCase()
    switch (keyword) {
      case 'SIZE':
        return capabilities.size !== null
      case 'BODY':
        return capabilities.eightBitMime
      case 'SMTPUTF8':
        return capabilities.smtpUtf8
      case 'RET':
      case 'ENVID':
      case 'NOTIFY':
      case 'ORCPT':
        return capabilities.dsn
      default:
        return false
    }
  })
}
