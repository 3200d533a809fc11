/** The page Own health and `porch doctor` beside a running gate: the findings as they come. */
import type { DoctorStep, DoctorView } from '../../shared/api/doctor.ts'
import type { DoctorReport } from '../../shared/doctor/report.ts'
import type { Daily } from '../doctor/daily.ts'
import { messageOf } from '../settingsfile.ts'

export function doctorView(daily: Daily): DoctorView {
  return { report: daily.last(), running: daily.running() }
}

export async function* followDoctor(daily: Daily, signal: AbortSignal): AsyncGenerator<DoctorStep, void, void> {
  const steps: DoctorStep[] = []
  let wake = (): void => undefined
  const push = (step: DoctorStep) => {
    steps.push(step)
    wake()
  }
  // The page may go away between two steps: then nothing is waited for.
  const gone = new AbortController()
  const stop = AbortSignal.any([signal, gone.signal])
  daily.run(stop, (check) => { push({ kind: 'check', check }) }).then(
    (report: DoctorReport) => { push({ kind: 'done', report }) },
    (error: unknown) => { push({ kind: 'failed', problem: messageOf(error) }) },
  )
  try {
    for (;;) {
      const step = steps.shift()
      if (step === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else {
        if (!signal.aborted) yield step
        if (step.kind !== 'check') return
      }
    }
  } finally {
    gone.abort()
  }
}
