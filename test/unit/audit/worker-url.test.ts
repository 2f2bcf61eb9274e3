import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workerUrl } from '../../../main/audit/worker-url.ts';

describe('the place of a worker', () => {
  it.each(['writer', 'reader'] as const)('is the source of the %s when the program runs from source', (name) => {
    expect(existsSync(workerUrl(name))).toBe(true);
  });

  it.each([['file:///opt/fabric/dist/mt5-fabric.js'], ['file:///opt/fabric/dist/chunks/open-audit-log.js']])(
    'is its own bundle in the folder of the built program, seen from %s',
    (here) => {
      expect(workerUrl('writer', here).href).toBe('file:///opt/fabric/dist/audit-writer.js');
      expect(workerUrl('reader', here).href).toBe('file:///opt/fabric/dist/audit-reader.js');
    },
  );
});
