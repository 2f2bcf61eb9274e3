import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A data folder: the given one, which stays, or a new one, which goes at the end. */
export function dataFolder(given?: string): Disposable & { readonly path: string } {
  const path = given ?? mkdtempSync(join(tmpdir(), 'mt5-fabric-e2e-'));
  return {
    path,
    [Symbol.dispose]: () => {
      if (given === undefined) rmSync(path, { recursive: true, force: true });
    },
  };
}
