import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one adapter. Behaviours run beside each other, so the adapter removes it, not the test runner. */
export function dataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mt5-fabric-test-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
