import { defineConfig } from 'vitest/config'

/** Each starts a program of its own and then mostly waits for a time that somebody's promise names: such ones wait side by side. */
const PATIENT = ['test/e2e/canary.test.ts', 'test/e2e/canary-knot.test.ts', 'test/e2e/canary-nsd.test.ts', 'test/e2e/admin-mail.test.ts', 'test/e2e/desktop-told.test.ts', 'test/faults/stop.test.ts']

// Unit and contract tests run together; then what waits; after it, one file at a time, what starts other programs (name servers, MTAs, Chromium).
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts', 'test/**/*.test.tsx'], exclude: ['test/e2e/**', 'test/faults/**', 'test/bench/**'], testTimeout: 20_000, sequence: { groupOrder: 0 } } },
      { test: { name: 'patient', include: PATIENT, testTimeout: 120_000, hookTimeout: 90_000, maxWorkers: 5, sequence: { groupOrder: 1 } } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'], exclude: PATIENT, testTimeout: 120_000, hookTimeout: 90_000, fileParallelism: false, sequence: { groupOrder: 2 } } },
    ],
  },
})
