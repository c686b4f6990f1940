import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The server sends `script-src 'self'`: no inline scripts, no polyfill that writes one, nothing as a data address.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../src/seedbed/api/studio',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licences.md' },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8400' } },
})
