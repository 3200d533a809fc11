/** The operations without a gate: directly on the store, which is locked for as long as a command takes. */
import { createAlarms } from '../alarms.ts'
import { systemClock } from '../clock.ts'
import { backUp } from '../console/backup.ts'
import { logOf } from '../console/detail.ts'
import { forgetPerson } from '../console/privacy.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import type { Forgettable } from '../../shared/net/forget.ts'
import { forgetInNotices } from '../notice/outbox.ts'
import { cancel, send, write } from '../notice/desk.ts'
import type { Office } from '../notice/office.ts'
import type { NoticeRefusal } from '../../shared/api/notices.ts'
import { importRules } from '../console/rules.ts'
import { whatIfReport } from '../console/whatif.ts'
import { changeMode, loadEffective, modeInForce } from '../settings.ts'
import { messageOf } from '../settingsfile.ts'
import { WhatIfTally } from '../../shared/gate/whatiftally.ts'
import type { Lock } from '../store/lock.ts'
import type { openRecords } from '../composecommands.ts'
import { elsewhere } from './elsewhere.ts'
import { Failure } from './failure.ts'
import { hasStore } from './flags.ts'
import { actAsOwner } from './owner.ts'
import type { Place } from './flags.ts'
import { eachPiece } from './operations.ts'
import type { Operations } from './operations.ts'
import { holdFolder, reachGate } from './reach.ts'

async function noRecords(dataDir: string): Promise<NoticeRefusal> {
  return { ok: false, code: 'unknown', problem: `There is no such session: nothing is stored in ${dataDir}${await elsewhere(dataDir)}` }
}

type Open = Awaited<ReturnType<typeof openRecords>>

export async function openLocal(place: Place): Promise<Operations> {
  const rootAgain = actAsOwner(place.dataDir)
  if (!hasStore(place)) return localOperations(place, null, rootAgain)
  const locked = await lockOrGate(place)
  return 'release' in locked ? localOperations(place, locked, rootAgain) : locked
}

/** A gate that was just starting has the lock, and by now perhaps an address. */
async function lockOrGate(place: Place): Promise<Lock | Operations> {
  try {
    return await holdFolder(place.dataDir)
  } catch (error) {
    const reached = await reachGate(place.dataDir)
    if (reached !== null) return reached.operations
    throw error
  }
}

/** `held` is null where nothing is stored yet: questions find nothing, and only a change makes the folder. */
function localOperations(place: Place, held: Lock | null, rootAgain: () => void): Operations {
  let lock = held
  let opening: Promise<Open> | null = null
  const alarms = createAlarms(systemClock)
  const open = () => (opening ??= openStore())
  const openStore = async (): Promise<Open> => {
    try {
      lock ??= await holdFolder(place.dataDir)
      const { openRecords } = await import('../composecommands.ts')
      return await openRecords(place.dataDir, alarms)
    } catch (error) {
      throw new Failure(messageOf(error))
    }
  }
  let offices: Promise<Office> | null = null
  const office = () => (offices ??= openNotices())
  const openNotices = async (): Promise<Office> => {
    const loaded = loadEffective(place.settingsFile, place.named === undefined)
    if (!loaded.ok) throw new Failure(loaded.problems.join('; '))
    const { store } = await open()
    const { openOffice } = await import('../composecommands.ts')
    return openOffice(place.dataDir, store, loaded.value, alarms)
  }
  const ifStored = async <T>(empty: T, work: (opened: Open) => Promise<T>): Promise<T> => {
    if (lock === null) return empty
    const opened = await open()
    try {
      return await work(opened)
    } catch (error) {
      throw new Failure(messageOf(error))
    }
  }
  return {
    gate: false,
    sessions: (filter) => ifStored([], ({ store }) => store.sessions(filter)),
    log: (filter) => ifStored([], async ({ store }) => logOf(store, await store.sessions(filter))),
    rules: () => ifStored([], ({ rules }) => Promise.resolve(rules.list())),
    addRule: async (input) => (await open()).rules.add({ ...input, by: 'admin' }),
    // A mistyped folder is not made to say so.
    removeRule: async (kind, scope) => lock === null ? { ok: false, problem: `there is no ${kind === 'ban' ? 'ban' : 'whitelist entry'} of ${scope}` } : (await open()).rules.remove(kind, scope),
    async importRules(listed) {
      const { rules, strikes, store } = await open()
      const deps = { rules, strikes, store, clock: systemClock, resolver: { forget: () => undefined }, onError: () => undefined }
      return eachPiece(listed, (piece) => importRules(deps, piece))
    },
    async whatIf(asked, onProgress) {
      const loaded = loadEffective(place.settingsFile, place.named === undefined)
      if (!loaded.ok) throw new Failure(loaded.problems.join('; '))
      const { policy } = loaded.value
      const settings = { current: () => loaded.value, mode: () => modeInForce(place.dataDir, policy.mode, systemClock.now()) }
      const nothing = { whatIf: () => Promise.resolve({ counts: new WhatIfTally({ hostname: '', domains: [] }).counts(), senders: [] }), get: () => Promise.resolve(null), put: () => Promise.resolve() }
      if (lock === null) return whatIfReport({ store: nothing, rules: { match: () => ({ ban: null, allow: null }), matchName: () => null }, settings, clock: systemClock }, asked)
      const { store, rules } = await open()
      return whatIfReport({ store, rules, settings, clock: systemClock }, asked, { onProgress })
    },
    writeNotice: async (request, keep) => lock === null ? noRecords(place.dataDir) : write((await office()).desk, request, keep),
    async sendNotice(id) {
      const { desk, mailer } = await office()
      const queued = await send(desk, id)
      if (!queued.ok) {
        await cancel(desk, id)
        return queued
      }
      await mailer.run()
      // What became of it is told by the notice, not by the alarm.
      alarms.clear('notice-sending')
      return { ok: true, notice: desk.outbox.get(id) ?? queued.notice }
    },
    forget: (address, onProgress) => ifStored({ address, sessions: 0, notices: 0, rules: 0, values: 0 }, async ({ store, rules }) => {
      const person = readForgettable(address)
      if (!person.ok) throw new Error(person.problem)
      const outbox = { forget: (wanted: Forgettable) => forgetInNotices({ store, clock: systemClock, alarms, dataDir: place.dataDir }, wanted) }
      return forgetPerson({ store, rules, outbox }, person, onProgress)
    }),
    async setMode(mode, forMs) {
      lock ??= await holdFolder(place.dataDir)
      const loaded = loadEffective(place.settingsFile, place.named === undefined)
      if (!loaded.ok) throw new Failure(loaded.problems.join('; '))
      const changed = await changeMode({ file: place.settingsFile, dataDir: place.dataDir, clock: systemClock, lasting: loaded.value.policy.mode }, mode, forMs)
      return changed.ok ? { ok: true, returns: changed.value } : { ok: false, problem: changed.problems.join('; ') }
    },
    // A mistyped folder in a nightly job must not look like a backup.
    backup: async (file) => !hasStore(place) ? { ok: false, problem: `nothing is stored in ${place.dataDir}${await elsewhere(place.dataDir)}` } : backUp({ store: (await open()).store, settingsFile: place.settingsFile }, file),
    async close() {
      await (await offices?.catch(() => null))?.close()
      if (opening !== null) {
        const opened = await opening.catch(() => null)
        await opened?.close()
      }
      lock?.release()
      rootAgain()
      for (const alarm of alarms.list()) process.stderr.write(`porch: ${alarm.text}\n`)
    },
  }
}
