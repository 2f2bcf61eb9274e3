import { open, rename } from 'node:fs/promises';

/** Replaces a file's content in one step, like `writeFileAtomically`, but without holding up whoever trades meanwhile. */
export async function replaceFile(path: string, content: string): Promise<void> {
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
