import { defineConfig } from 'vitest/config'

// Unit and contract tests run together; after them, one file at a time, what starts other programs (name servers, MTAs, Chromium).
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts', 'test/**/*.test.tsx'], exclude: ['test/e2e/**', 'test/faults/**', 'test/bench/**'], testTimeout: 20_000, sequence: { groupOrder: 0 } } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'], testTimeout: 90_000, hookTimeout: 90_000, fileParallelism: false, sequence: { groupOrder: 1 } } },
    ],
  },
})
