import type { JsonObject } from '../protocol/json-value.ts';

/** What an audit command works with: where it reads, what it says, and how it has its work recorded. */
export interface AuditCommandIo {
  readonly dataDir: string;
  /** Resolves when the text has been taken: a slow taker holds the command up. Rejects when there is no taker any more. */
  readonly stdout: (text: string) => Promise<void>;
  readonly stderr: (text: string) => void;
  /** Whether the standard error is a terminal, where a line can be written over. */
  readonly isTerminal: boolean;
  readonly appVersion: string;
  readonly nowMs: () => number;
  /** Asks the running gateway, which alone writes to the log, for a row of this; false where none is running. */
  readonly record?: (type: ReportedType, payload: JsonObject) => Promise<boolean>;
}

/** Rows that tell what was done with the log. */
export type ReportedType = 'EXPORTED' | 'VERIFIED' | 'BACKED_UP';

/** Has the work recorded, or says that the log does not tell of it. */
export async function report(io: AuditCommandIo, type: ReportedType, payload: JsonObject): Promise<void> {
  const isRecorded = (await io.record?.(type, payload)) ?? false;
  if (!isRecorded) io.stderr('no gateway is running here, so the log itself does not tell of this\n');
}

/** What went wrong, for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
