/** What `npm start` prints while it builds is read by an admin: the bundler says nothing, unless something is wrong. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createBuilder, createLogger } from 'vite'

const BUILD = join(import.meta.dirname, '../../build')
const folder = mkdtempSync(join(tmpdir(), 'porch-built-'))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test.each(['vite.node.ts', 'vite.preload.ts', 'vite.renderer.ts'])('%s', async (config) => {
  vi.stubEnv('NODE_ENV', 'production')
  const into = (name: string) => ({ build: { outDir: join(folder, config, name), emptyOutDir: true } })
  const said: string[] = []
  const keep = (text: string) => void said.push(text)
  const builder = await createBuilder({
    configFile: join(BUILD, config), logLevel: 'warn', ...into('all'),
    customLogger: { ...createLogger('warn'), warn: keep, warnOnce: keep, error: keep },
    ...(config === 'vite.node.ts' ? { environments: { node: into('node'), desktop: into('desktop') } } : {}),
  })
  await builder.buildApp()
  expect(said).toEqual([])
}, 180_000)
