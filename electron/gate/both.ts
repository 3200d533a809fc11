/** Two gates seen as one (practice: the sample senders have a listener of their own); the addresses are the first one's. */
import type { GatePort } from '../ports.ts'

export function both(main: GatePort, samples: GatePort): GatePort {
  return {
    addresses: main.addresses,
    openConnections: () => main.openConnections() + samples.openConnections(),
    room: () => main.room(),
    openSessions: (limit) => [...main.openSessions(limit), ...samples.openSessions(limit)].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, limit),
    counters() {
      const sum: Record<string, number> = { ...main.counters() }
      for (const [name, count] of Object.entries(samples.counters())) sum[name] = (sum[name] ?? 0) + count
      return sum
    },
    async stop(graceMs) {
      await Promise.all([main.stop(graceMs), samples.stop(0)])
    },
  }
}
