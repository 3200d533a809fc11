/** When each network's first would-be refusal in grace mode was: in memory for the SMTP path, written through without being waited for. */
import type { AlarmsPort, StorePort } from './ports.ts'
import type { GraceStore } from './gate/deps.ts'
import { messageOf } from './settingsfile.ts'

export async function createGraces(store: Pick<StorePort, 'graceStarts' | 'putGraceStart'>, alarms: AlarmsPort): Promise<GraceStore> {
  const starts = new Map(await store.graceStarts())
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
