import { join } from 'node:path';
import { mergeConfig } from 'vite';
import shared from '../../preview/vite.config.ts';

/** Serves the preview of the audit log: vite --config test/renderer/audit/preview/vite.config.ts */
export default mergeConfig(shared, {
  root: import.meta.dirname,
  cacheDir: join(import.meta.dirname, '../../../../node_modules/.cache/audit-preview'),
});
