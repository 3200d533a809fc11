/**
 * How long the backend may take, in ms. What comes before a client's first reply stays, summed up, below the 5 minutes
 * that clients wait (RFC 5321 §4.5.3.2); the dot gets the 10 minutes of §4.5.3.2.6.
 */
export interface BackendTimeouts {
  readonly connect: number
  readonly banner: number
  /** EHLO, STARTTLS and its handshake, XCLIENT: each. */
  readonly handshake: number
  /** MAIL, RCPT, DATA, RSET: each. */
  readonly command: number
  /** Message data that the backend does not take. */
  readonly block: number
  readonly dot: number
  /** From QUIT to the end of the connection. */
  readonly quit: number
  /** Between probes while the backend answers. */
  readonly probe: number
  /** Between probes while it does not: doubled each time from the first to the second. */
  readonly retry: readonly [number, number]
}

export const BACKEND_TIMEOUTS: BackendTimeouts = {
  connect: 10_000,
  banner: 30_000,
  handshake: 30_000,
  command: 60_000,
  block: 180_000,
  dot: 600_000,
  quit: 5_000,
  probe: 60_000,
  retry: [1_000, 30_000],
}
