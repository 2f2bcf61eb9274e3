import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FILE_POLICY, commonHeaders } from './panel-reply.ts';

const EXPORT_NAME = /^(?!\.)[A-Za-z0-9._-]{1,255}$/;
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
};

/** An export, open for reading. */
export interface OpenExport {
  readonly name: string;
  readonly file: FileHandle;
  readonly bytes: number;
}

/** Opens an export by its name; null where there is none, or the name is none that an export has. */
export async function openExport(dataDir: string, name: string): Promise<OpenExport | null> {
  if (!EXPORT_NAME.test(name)) return null;
  // Neither a link that leads out of the folder nor a pipe that never ends; Windows has neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
  const file = await open(join(dataDir, 'exports', name), (O_RDONLY ?? 0) | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  const found = await file.stat();
  if (found.isFile()) return { name, file, bytes: found.size };
  await file.close();
  return null;
}

/** Sends the export as it was when it was opened, in pieces, for storing and not for showing; closes it in any case. */
export async function sendExport(found: OpenExport, response: ServerResponse, isBodyWanted: boolean): Promise<void> {
  const { name, file, bytes } = found;
  response.writeHead(200, {
    ...commonHeaders(FILE_POLICY),
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    'Content-Length': bytes,
    'Content-Disposition': `attachment; filename="${name}"`,
  });
  if (isBodyWanted && bytes > 0) {
    await pipeline(file.createReadStream({ start: 0, end: bytes - 1 }), response);
    return;
  }
  await file.close();
  response.end();
}
