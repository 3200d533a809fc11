/** The desktop window's preload. A sandboxed preload must be one CommonJS file that requires nothing but electron. */
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '..')

export default defineConfig({
  root,
  publicDir: false,
  build: {
    outDir: resolve(root, 'dist/desktop'),
    emptyOutDir: false,
    target: 'chrome140',
    sourcemap: true,
    minify: false,
    lib: { entry: resolve(root, 'electron/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
})
