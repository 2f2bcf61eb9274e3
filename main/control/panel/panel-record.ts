import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../../log.ts';

/** The file that says which addresses are still good and which sessions there are. */
export const panelRecordPath = (dataDir: string): string => join(dataDir, 'panel.json');

const recordSchema = z.object({
  version: z.literal(1),
  /** Addresses that nobody has used yet: SHA-256 of their token. One that is used or too old is not in here. */
  tokens: z.array(z.object({ hash: z.string(), expires_at_ms: z.number() })),
  sessions: z.array(z.object({ id: z.string(), used_at_ms: z.number() })),
});
export type PanelRecord = z.output<typeof recordSchema>;

/** The record of the run before; empty where it cannot be understood: then everyone needs a new address. */
export function readPanelRecord(dataDir: string, log: Log): PanelRecord {
  const path = panelRecordPath(dataDir);
  const empty: PanelRecord = { version: 1, tokens: [], sessions: [] };
  if (!existsSync(path)) return empty;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    log.warn('the record of the panel is damaged: its sessions end', { path });
    return empty;
  }
}
