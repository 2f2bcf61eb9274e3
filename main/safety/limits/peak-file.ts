import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { PeakStore } from './equity-peak.ts';

const fileSchema = z.strictObject({ version: z.literal(1), peaks: z.record(z.string(), z.number()) });
type Peaks = z.infer<typeof fileSchema>['peaks'];

/** The file of a data folder that keeps the highest equity of each account. */
export const peakPath = (dataDir: string): string => join(dataDir, 'equity-peaks.json');

/**
 * Peaks in a small file, replaced whole in one step and never written on the gateway's own thread. One that is damaged
 * rejects when it is read and is replaced when the next peak is written.
 */
export class FilePeakStore implements PeakStore {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = peakPath(dataDir);
  }

  async read(account: string): Promise<number | null> {
    return new Map(Object.entries(await this.#peaks())).get(account) ?? null;
  }

  async write(account: string, peak: number): Promise<void> {
    const kept = await this.#peaks().catch((): Peaks => ({}));
    const content = { version: 1, peaks: { ...kept, [account]: peak } };
    await replace(this.#path, `${JSON.stringify(content, null, 2)}\n`);
  }

  async #peaks(): Promise<Peaks> {
    const text = await textOf(this.#path);
    return text === null ? {} : fileSchema.parse(JSON.parse(text)).peaks;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** After a crash either the old content or the new one is there, whole. */
async function replace(path: string, content: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
