/**
 * What runs in Node: the command line with its store worker (dist/node), and the desktop's main process with its own
 * (dist/desktop). `vite build -c build/vite.node.ts` makes both. Everything is bundled but better-sqlite3 (a native
 * module) and electron (never to be imported by plain Node). All files of a part lie in one folder: the store finds its
 * worker beside itself, whichever chunk it ends up in.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import type { EnvironmentOptions } from 'vite'

const root = resolve(import.meta.dirname, '..')
const source = (path: string) => resolve(root, 'electron', path)

const environment = (folder: string, entries: Record<string, string>): EnvironmentOptions => ({
  consumer: 'server',
  // CommonJS packages among the bundled ones ask for these; a module has them under other names.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  resolve: { noExternal: true, external: ['better-sqlite3', 'electron', 'bufferutil', 'utf-8-validate'] },
  build: {
    outDir: resolve(root, 'dist', folder),
    emptyOutDir: true,
    target: 'node24',
    sourcemap: true,
    minify: false,
    ssr: true,
    rolldownOptions: {
      input: entries,
      platform: 'node',
      // What is imported late spares a command run from the sources; in the bundle it may well lie in the same file.
      checks: { ineffectiveDynamicImport: false },
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})

export default defineConfig({
  root,
  publicDir: false,
  environments: {
    node: environment('node', { cli: source('cli/main.ts'), 'store-worker': source('store/worker.ts') }),
    desktop: environment('desktop', { main: source('main.ts'), 'store-worker': source('store/worker.ts') }),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['node', 'desktop']) {
        const each = builder.environments[name]
        if (each !== undefined) await builder.build(each)
      }
    },
  },
})
