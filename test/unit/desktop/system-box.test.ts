import { beforeEach, describe, expect, it } from 'vitest';
import { systemBox } from '../../../main/desktop/system-box.ts';
import { reset, safeStorage } from '../../desktop/electron-stand-in.ts';

describe("the system's key store", () => {
  beforeEach(() => reset());

  it('seals secrets, and opens them for the same user alone', async () => {
    const box = (await systemBox())!;
    const sealed = await box.seal('a secret');
    expect(box.name).toBe('system');
    expect(sealed).not.toContain('a secret');
    expect(await box.open(sealed)).toBe('a secret');
    safeStorage.user = 'ben';
    expect(await box.open(sealed)).toBeNull();
  });

  it('is none where the system has none', async () => {
    safeStorage.isAvailable = false;
    expect(await systemBox()).toBeUndefined();
  });

  it('is none where Linux would only scramble', async () => {
    safeStorage.backend = 'basic_text';
    expect(await systemBox()).toBeUndefined();
  });
});
