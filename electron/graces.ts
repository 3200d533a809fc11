/** When each network's first would-be refusal in grace mode was: in memory for the SMTP path, written through without being waited for. */
import type { AlarmsPort, Clock, StorePort } from './ports.ts'
import type { GraceStore } from './gate/deps.ts'
import { messageOf } from './settingsfile.ts'

export async function createGraces(store: Pick<StorePort, 'graceStarts' | 'putGraceStart'>, alarms: AlarmsPort, clock: Clock): Promise<GraceStore> {
  // One that lies ahead was written under a wrong clock: it must not last until then.
  const now = clock.now()
  const starts = new Map([...(await store.graceStarts())].map(([network, at]) => [network, Math.min(at, now)]))
  return {
    first: (network) => starts.get(network) ?? null,
    note(network, at) {
      if (starts.has(network)) return
      starts.set(network, at)
      store.putGraceStart(network, at).then(
        () => alarms.clear('grace-store'),
        (error: unknown) => alarms.raise('grace-store', 'warning', `When grace began for ${network} could not be written down: ${messageOf(error)}`),
      )
    },
  }
}
