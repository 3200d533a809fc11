/** The doctor's round by a manual clock: when it begins by itself, who joins and leaves it, what it remembers over restarts, and the alarm that comes and goes by itself. */
import { expect, test, vi } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createDaily } from '../../../electron/doctor/daily.ts'
import type { Daily } from '../../../electron/doctor/daily.ts'
import type { EffectiveSettings } from '../../../electron/ports.ts'
import { checkUp } from '../../../shared/doctor/report.ts'
import type { CheckUp, DoctorReport } from '../../../shared/doctor/report.ts'
import { manualClock } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** After this an installation's own minute is over, whatever its name. */
const SETTLED = 14 * MINUTE

const CERTIFICATE = checkUp('certificate', '', 'bad', 'The certificate expired on 2026-11-01.')
const SOON = checkUp('certificate', '', 'todo', 'The certificate expires on 2026-12-01, in 6 days.')
const VALID = checkUp('certificate', '', 'ok', 'The certificate is valid.')
const LOST = checkUp('certificate', '', 'unknown', 'The certificate could not be looked at: too slow.')
const LISTED = checkUp('blacklist', 'bl.example 192.0.2.1', 'bad', '192.0.2.1 is on bl.example.')
const SILENT = checkUp('blacklist', 'bl.example', 'unknown', 'bl.example gave no usable answer (timeout).')

/** A round that a test ends when it likes. */
interface Started {
  readonly signal: AbortSignal
  readonly tell: (check: CheckUp) => void
  readonly end: (...checks: readonly CheckUp[]) => void
  readonly fail: (why: string) => void
}

/** One machine; `start` is a start of the program on it. */
function machine() {
  const clock = manualClock()
  const store = createFakeStore(() => clock.now())
  const start = async () => {
    const alarms = createAlarms(clock)
    const errors: unknown[] = []
    const rounds: Started[] = []
    const settingsListeners = new Set<() => void>()
    let tick: () => void = () => undefined
    const daily = await createDaily({
      store, alarms, clock, onError: (error) => errors.push(error),
      settings: {
        current: () => ({ hostname: 'mx.shop.example' }) as EffectiveSettings,
        onChange: (listener) => {
          const heard = () => { listener({ hostname: 'mx.shop.example' } as EffectiveSettings) }
          settingsListeners.add(heard)
          return () => settingsListeners.delete(heard)
        },
      },
      examine: (signal, onCheck) => new Promise<DoctorReport>((resolve, reject) => {
        signal.addEventListener('abort', () => { reject(new Error('called off')) }, { once: true })
        rounds.push({
          signal, tell: onCheck,
          end: (...checks) => { resolve({ at: new Date(clock.now()).toISOString(), ms: 1, practice: false, version: '0', checks }) },
          fail: (why) => { reject(new Error(why)) },
        })
      }),
      every: (called) => {
        tick = called
        return () => { tick = () => undefined }
      },
    })
    const alarm = () => alarms.list().find(({ code }) => code === 'own-health') ?? null
    /** Time passes minute by minute, as the timer sees it. */
    const pass = (ms: number) => {
      for (let left = ms; left > 0; left -= MINUTE) {
        clock.advance(Math.min(MINUTE, left))
        tick()
      }
    }
    /** One round by hand, with this outcome. */
    const round = async (...checks: readonly CheckUp[]) => {
      const done = daily.run(new AbortController().signal)
      rounds.at(-1)?.end(...checks)
      return done
    }
    return { daily, alarm, errors, rounds, pass, round, changeSettings: () => { for (const heard of settingsListeners) heard() }, listeners: settingsListeners }
  }
  return { clock, store, start }
}

const asked = (daily: Daily, signal = new AbortController().signal) => {
  const heard: CheckUp[] = []
  return { heard, done: daily.run(signal, (check) => heard.push(check)) }
}

test('it begins by itself some minutes after the start, and then once a day', async () => {
  const { daily, pass, rounds } = await machine().start()
  pass(2 * MINUTE)
  expect(rounds).toHaveLength(0)
  pass(SETTLED)
  expect(rounds).toHaveLength(1)
  expect(daily.running()).toBe(true)
  rounds[0]?.end(VALID)
  await vi.waitFor(() => { expect(daily.running()).toBe(false) })
  pass(DAY - 20 * MINUTE)
  expect(rounds).toHaveLength(1)
  pass(20 * MINUTE)
  expect(rounds).toHaveLength(2)
})

test('the last report survives a restart with its alarm, and the day goes on counting', async () => {
  const one = machine()
  const first = await one.start()
  await first.round(CERTIFICATE, LISTED)
  await first.daily.close()
  one.clock.advance(HOUR)
  const second = await one.start()
  expect(second.daily.last()?.checks).toEqual([CERTIFICATE, LISTED])
  expect(second.daily.troubles()).toBe(2)
  expect(second.alarm()).toMatchObject({ severity: 'critical', text: expect.stringMatching(/192\.0\.2\.1 is on bl\.example\. And 1 more\./) as string })
  second.pass(22 * HOUR)
  expect(second.rounds).toHaveLength(0)
  second.pass(HOUR)
  expect(second.rounds).toHaveLength(1)
})

test.each([['nothing', null], ['of another version', { report: { at: 'yesterday' } }], ['damaged', 'x'], ['half', { report: { at: '2026-11-25T00:00:00Z', checks: [] } }]])('what the store holds may be %s', async (_, value) => {
  const one = machine()
  await one.store.put('doctor', value)
  const { daily, alarm } = await one.start()
  expect([daily.last(), daily.troubles(), alarm()]).toEqual([null, 0, null])
})

test('a store that cannot be read or written stops no round', async () => {
  const one = machine()
  one.store.failWith = 'disk full'
  one.store.get = () => Promise.reject(new Error('disk full'))
  one.store.put = () => Promise.reject(new Error('disk full'))
  const { daily, round, alarm } = await one.start()
  await round(SOON)
  expect(daily.last()?.checks).toEqual([SOON])
  expect(alarm()).not.toBeNull()
})

test('the alarm rises with the trouble, grows milder with it, and clears itself once it is repaired', async () => {
  const { round, alarm, daily } = await machine().start()
  await round(VALID)
  expect(alarm()).toBeNull()
  await round(CERTIFICATE)
  expect(alarm()).toMatchObject({ severity: 'critical', text: expect.stringMatching(/^Own health: The certificate expired on 2026-11-01\. /) as string })
  await round(SOON)
  expect(alarm()).toMatchObject({ severity: 'warning' })
  await round(VALID)
  expect([alarm(), daily.troubles()]).toEqual([null, 0])
})

test('“could not tell” neither clears an alarm', async () => {
  const { round, alarm } = await machine().start()
  await round(CERTIFICATE)
  await round(LOST)
  expect(alarm()?.text).toContain('The certificate expired')
})

test('nor raises one, unless it stays so for three days', async () => {
  const one = machine()
  const { round, alarm } = await one.start()
  await round(VALID, SILENT)
  expect(alarm()).toBeNull()
  one.clock.advance(DAY)
  await round(VALID, SILENT)
  expect(alarm()).toBeNull()
  one.clock.advance(DAY)
  await round(VALID, SILENT)
  expect(alarm()).toMatchObject({ severity: 'warning', text: expect.stringContaining('no usable answer') as string })
  await round(VALID)
  expect(alarm()).toBeNull()
})

test('many “could not tell” of one day are one day', async () => {
  const one = machine()
  const { round, alarm } = await one.start()
  for (let times = 0; times < 10; times += 1) {
    await round(SILENT)
    one.clock.advance(HOUR)
  }
  expect(alarm()).toBeNull()
})

test('who comes later joins the round and hears what was found before', async () => {
  const { daily, rounds } = await machine().start()
  const one = asked(daily)
  rounds[0]?.tell(VALID)
  const other = asked(daily)
  rounds[0]?.tell(LISTED)
  rounds[0]?.end(VALID, LISTED)
  expect(await one.done).toBe(await other.done)
  expect([one.heard, other.heard]).toEqual([[VALID, LISTED], [VALID, LISTED]])
  expect(rounds).toHaveLength(1)
})

test('one who leaves does not end it for the others; the last one does, and nothing is kept of it', async () => {
  const { daily, rounds, alarm } = await machine().start()
  const [first, last] = [new AbortController(), new AbortController()]
  const one = asked(daily, first.signal)
  const other = asked(daily, last.signal)
  first.abort()
  await expect(one.done).rejects.toThrow('called off')
  expect([daily.running(), rounds[0]?.signal.aborted]).toEqual([true, false])
  rounds[0]?.tell(CERTIFICATE)
  expect(one.heard).toEqual([])
  last.abort()
  await expect(other.done).rejects.toThrow('called off')
  expect([daily.running(), rounds[0]?.signal.aborted, daily.last(), alarm()]).toEqual([false, true, null, null])
})

test('one who joins a round that the gate began by itself may leave it', async () => {
  const { daily, rounds, pass } = await machine().start()
  pass(SETTLED)
  const leave = new AbortController()
  const one = asked(daily, leave.signal)
  leave.abort()
  await expect(one.done).rejects.toThrow('called off')
  expect([rounds.length, rounds[0]?.signal.aborted]).toEqual([1, false])
})

test('one who is gone already starts nothing that lasts', async () => {
  const { daily } = await machine().start()
  await expect(asked(daily, AbortSignal.abort()).done).rejects.toThrow('called off')
  expect(daily.running()).toBe(false)
})

test('after a change of the settings it looks again soon, not at once', async () => {
  const { pass, round, rounds, changeSettings } = await machine().start()
  pass(SETTLED)
  await round(VALID)
  changeSettings()
  pass(2 * MINUTE)
  expect(rounds).toHaveLength(1)
  pass(2 * MINUTE)
  expect(rounds).toHaveLength(2)
})

test('a report from the future was made by a wrong clock: it is made again', async () => {
  const one = machine()
  const first = await one.start()
  await first.round(VALID)
  await first.daily.close()
  one.clock.step(-400 * DAY)
  const second = await one.start()
  second.pass(SETTLED)
  expect(second.rounds).toHaveLength(1)
})

test('a round that fails is told, and tried again', async () => {
  const { pass, rounds, errors, daily } = await machine().start()
  pass(SETTLED)
  rounds[0]?.fail('no more threads')
  await vi.waitFor(() => { expect(errors).toEqual([new Error('no more threads')]) })
  expect(daily.running()).toBe(false)
  pass(HOUR)
  expect(rounds).toHaveLength(2)
})

test('closing ends a round under way without an error, hears no settings and begins nothing', async () => {
  const { daily, pass, rounds, errors, listeners } = await machine().start()
  pass(SETTLED)
  const one = asked(daily)
  const ended = expect(one.done).rejects.toThrow()
  await daily.close()
  await ended
  pass(2 * DAY)
  expect([rounds.length, errors, listeners.size]).toEqual([1, [], 0])
  await expect(daily.run(new AbortController().signal)).rejects.toThrow('the gate ends')
})
