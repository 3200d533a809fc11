/** Loaded into a gate before its own code: SIGUSR2 puts the wall clock of its main thread ahead by an hour and a second. Timeouts, being monotonic, do not notice. */
const STEP_MS = 3_601_000
const Real = Date
let ahead = 0

globalThis.Date = class extends Real {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(Real.now() + ahead)
    else super(...(given as [number]))
  }
  static override now(): number {
    return Real.now() + ahead
  }
} as DateConstructor

process.on('SIGUSR2', () => {
  ahead += STEP_MS
})
