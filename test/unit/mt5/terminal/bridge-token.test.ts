import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bridgeToken, readBridgeToken } from '../../../../main/mt5/terminal/bridge-token.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

describe("the program's token", () => {
  it('is made once, for its owner only', () => {
    const folder = temporaryFolder();
    expect(readBridgeToken(folder)).toBeNull();
    const token = bridgeToken(folder);
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(bridgeToken(folder)).toBe(token);
    expect(readBridgeToken(folder)).toBe(token);
    expect(statSync(join(folder, 'bridge.token')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['bridge.token']);
  });

  it.each(['', 'short', 'G'.repeat(32), '0'.repeat(33)])('is made anew where the file holds %j', (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'bridge.token'), text);
    const token = bridgeToken(folder);
    expect(readBridgeToken(folder)).toBe(token);
    expect(existsSync(join(folder, `bridge.token.${process.pid}.new`))).toBe(false);
  });

  it('differs from folder to folder', () => {
    expect(bridgeToken(temporaryFolder())).not.toBe(bridgeToken(temporaryFolder()));
  });
});
