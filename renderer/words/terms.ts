/** Jargon, explained where it stands: shown on hover, focus and click. One or two short sentences each. */

export const terms = {
  ehlo: 'The name with which the client introduced itself (SMTP command EHLO or HELO). Anybody can say any name.',
  ptr: 'PTR: the record that says what an address is called. Whoever owns the address (the ISP or data centre) makes it.',
  claimed: 'Said by the client or its DNS, but no lookup has led back to the client’s address.',
  verified: 'The reverse name, and a lookup of that name led back to the client’s address.',
  a: 'A: the IPv4 addresses of a name. Whoever runs the name’s zone makes it.',
  aaaa: 'AAAA: the IPv6 addresses of a name. Whoever runs the name’s zone makes it.',
  mx: 'MX: the hosts that take mail for a domain. An EHLO name passes if one of them has the client’s address.',
  ttl: 'TTL: how long an answer may be kept before it must be asked again.',
  via: 'CNAME: the name is an alias, and the answer belongs to the name it leads to.',
  strike: 'A session that was refused for its DNS. Enough of them in a short time earn an automatic ban.',
  reversePath: 'The address to which bounces go (MAIL FROM). <> stands for nobody: it is a bounce itself.',
  resolver: 'The name server that Porch asked, with its port.',
  log: 'The lines that a gate of 2002 would have written, ready to paste into a mail to the sender’s ISP.',
  zone: 'Lines for a zone file, as whoever runs the DNS can paste them.',
} as const

export type TermName = keyof typeof terms
