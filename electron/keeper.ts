/**
 * A gate that can start anew in place, with settings that only a start applies: the process, the window and the console's
 * address stay, the page comes back by itself. Transactions under way may finish first. If the gate does not start with the
 * new settings, the former file is put back and the gate runs on with it: a wrong answer in the wizard never costs the gate.
 */
import { copyFileSync, renameSync } from 'node:fs'
import type { Alarm, SessionRecord } from '../shared/events.ts'
import type { ConsoleRouter } from './console/handlers.ts'
import type { Former } from './console/deps.ts'
import { startGate } from './compose.ts'
import type { RunningGate, StartOptions } from './compose.ts'
import { messageOf } from './settingsfile.ts'

export interface KeptGate extends Omit<RunningGate, 'ready' | 'router' | 'settings' | 'alarms'> {
  /** Of the gate that runs now. */
  now(): RunningGate
  router(): ConsoleRouter
  onAlarm(listener: (alarm: Alarm) => void): void
  /** The gate has started anew. */
  onRelaunch(listener: (gate: RunningGate) => void): void
  /** Nothing could be started any more; the reason. */
  onLost(listener: (why: string) => void): void
}

/** Rejects with StartError, as startGate does. */
export async function keepGate(options: StartOptions): Promise<KeptGate> {
  const sessionListeners = new Set<(session: SessionRecord) => void>()
  const alarmListeners = new Set<(alarm: Alarm) => void>()
  const relaunchListeners = new Set<(gate: RunningGate) => void>()
  const lostListeners = new Set<(why: string) => void>()
  let stopping: Promise<void> | null = null
  let work: Promise<void> = Promise.resolve()

  const start = async (again?: StartOptions['again']): Promise<RunningGate> => {
    const gate = await startGate({ ...options, ...(again === undefined ? {} : { again }), relaunch: (former) => void relaunch(former) })
    gate.onSession((session) => {
      for (const listener of sessionListeners) listener(session)
    })
    gate.alarms.onChange((raised) => {
      if (raised !== null) for (const listener of alarmListeners) listener(raised)
    })
    return gate
  }
  const relaunch = (former: Former | null): Promise<void> =>
    (work = work.then(async () => {
      if (stopping !== null) return
      const again = { console: current.ready.console }
      await current.stop()
      current = await start(again).catch((error: unknown) => startFormer(former, again, messageOf(error)))
      for (const alarm of current.alarms.list()) for (const listener of alarmListeners) listener(alarm)
      for (const listener of relaunchListeners) listener(current)
    }).catch((error: unknown) => {
      for (const listener of lostListeners) listener(messageOf(error))
    }))
  const startFormer = async (former: Former | null, again: StartOptions['again'], why: string): Promise<RunningGate> => {
    const put = former === null ? null : putBack(former)
    const gate = await start(again)
    gate.alarms.raise('not-applied', 'critical', `The gate could not start with the new settings: ${why}. ${put === null ? 'It runs on as before.' : `The former ones are in force again; the new ones are in ${put}.`}`)
    return gate
  }

  let current = await start()
  return {
    now: () => current,
    router: () => current.router,
    onSession(listener) {
      sessionListeners.add(listener)
      return () => sessionListeners.delete(listener)
    },
    onAlarm: (listener) => void alarmListeners.add(listener),
    onRelaunch: (listener) => void relaunchListeners.add(listener),
    onLost: (listener) => void lostListeners.add(listener),
    report: (error) => current.report(error),
    underWay: () => current.underWay(),
    stop: (patience) => (stopping ??= work.then(() => current.stop(patience))),
    hurry: () => current.hurry(),
  }
}

/** The former settings file takes its place again; where the new one is kept. */
function putBack({ file, backup }: Former): string {
  const aside = `${file}.not-applied`
  renameSync(file, aside)
  if (backup !== null) copyFileSync(backup, file)
  return aside
}
