import { join } from 'node:path';
import { app, dialog } from 'electron';
import { replaceFileAtomically } from '../config/write-file-atomically.ts';
import type { Saved } from '../control/contract.ts';

/** Asks where a brain's connection file is to go and writes it there, readable by its owner alone. */
export async function saveConnection(file: string, text: string): Promise<Saved> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    defaultPath: join(app.getPath('documents'), file),
    filters: [{ name: 'JSON', extensions: ['json'] }],
  });
  if (canceled) return { isSaved: false, error: null };
  try {
    await replaceFileAtomically(filePath, text);
    return { isSaved: true, error: null };
  } catch (error) {
    return { isSaved: false, error: error instanceof Error ? error.message : String(error) };
  }
}
