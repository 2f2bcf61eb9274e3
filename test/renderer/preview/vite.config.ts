import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Serves the preview: vite --config test/renderer/preview/vite.config.ts */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(import.meta.dirname, '../../../node_modules/.cache/preview'),
  plugins: [react(), tailwindcss()],
  server: { host: '127.0.0.1', fs: { allow: [join(import.meta.dirname, '../../..')] } },
});
