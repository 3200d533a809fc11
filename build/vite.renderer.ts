// Builds the console (renderer/) into dist/renderer: static files without inline scripts or styles, addressed relatively,
// so that `script-src 'self'; style-src 'self'` holds and the same files serve browser and desktop window.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('../renderer', import.meta.url))

export default defineConfig({
  root,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // Small files would become data: addresses, which the policy for scripts and styles forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file, read from this machine's disk: splitting it would win nothing. A jump in size should still be noticed.
    chunkSizeWarningLimit: 1500,
  },
})
