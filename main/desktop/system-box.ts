import { safeStorage } from 'electron';
import type { SecretBox } from '../security/secret-box.ts';

/**
 * The system's key store: what it seals this user opens on this machine alone. Undefined where there is none; on Linux
 * also where Electron would only scramble with a password that everybody knows.
 */
export async function systemBox(): Promise<SecretBox | undefined> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return undefined;
  return { name: 'system', seal, open };
}

async function seal(secret: string): Promise<string> {
  return (await safeStorage.encryptStringAsync(secret)).toString('base64');
}

async function open(sealed: string): Promise<string | null> {
  try {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
    return result;
  } catch {
    return null;
  }
}
