import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curveKeyPair } from 'zeromq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionFileError, readConnectionFile } from '../../../main/brain/index.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const { publicKey, secretKey } = curveKeyPair();
const connection = {
  ...{ version: 1, client_id: 'alpha', role: 'trade', host: '192.168.1.7' },
  ...{ command_port: 5555, data_port: 5556, event_port: 5557 },
  ...{ server_key: publicKey, public_key: publicKey, secret_key: secretKey },
  ...{ mac_key: '0123456789abcdef'.repeat(4), expires: null },
};
const isPosix = process.platform !== 'win32';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => vi.unstubAllEnvs());

function write(content: object | string, mode = 0o600, name = 'alpha.connection.json'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

function faultOf(path: string): string {
  try {
    readConnectionFile(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionFileError);
    return (error as Error).message;
  }
  return 'it was read';
}

describe('the connection file', () => {
  it('is read as it was written, with fields of a later version besides', () => {
    expect(readConnectionFile(write(connection))).toEqual(connection);
    const later = { ...connection, expires: '2999-01-31T12:00:00.000Z', label: 'a' };
    expect(readConnectionFile(write(later))).toEqual(later);
  });

  it.each([
    [{ version: 2 }, 'version is 1, the only one that this program reads, not 2'],
    [{ client_id: 'a b' }, 'client_id is 1 to 64 characters of A-Z a-z 0-9 . _ -, not "a b"'],
    [{ role: 'root' }, 'role is one of read, trade, kill, not "root"'],
    [{ host: 'tcp://x' }, 'host is a name or an address like 192.168.1.7, not "tcp://x"'],
    [{ command_port: 0 }, 'command_port is a port from 1 to 65535, not 0'],
    [{ data_port: '5556' }, 'data_port is a port from 1 to 65535, not "5556"'],
    [{ event_port: { a: 1 } }, 'event_port is a port from 1 to 65535, not an object'],
    [{ expires: 'tomorrow' }, 'expires is a time like 2027-01-31T12:00:00Z, or null, not "tomorrow"'],
    [{ expires: '2027-13-40' }, 'expires is a time'],
    [{ role: undefined }, 'role is missing; it is one of read, trade, kill'],
    [{ mac_key: undefined }, 'mac_key is missing; it is 64 hexadecimal digits'],
    [{ mac_key: 5 }, 'mac_key is 64 hexadecimal digits, not a number'],
  ])('names what is wrong in %j, and what is accepted', (change, fault) => {
    const path = write({ ...connection, ...change });
    const said = faultOf(path);
    expect(said.startsWith(`${path}: `)).toBe(true);
    expect(said).toContain(fault);
  });

  it('takes a port past 2^53 for none', () => {
    expect(faultOf(write(JSON.stringify(connection).replace('5555', '9007199254740993')))).toContain(
      'not 9007199254740993',
    );
  });

  it.each([
    ['server_key', 'a key of 40 characters in Z85'],
    ['public_key', 'a key of 40 characters in Z85'],
    ['secret_key', 'a key of 40 characters in Z85'],
    ['mac_key', '64 hexadecimal digits'],
  ])('shows no part of a broken %s', (field, takes) => {
    const said = faultOf(write({ ...connection, [field]: 'hush-hush,not-a-key' }));
    expect(said).toContain(`${field} is ${takes}; here are 19 characters that are none`);
    expect(said).not.toContain('hush');
  });

  it.each([
    '{"secret_key": hush-hush}',
    `{"mac_key":"hush-hush","mac_key":"hush-hush"}`,
    'hush-hush',
    '["hush-hush"]',
    '',
  ])('shows nothing of what is no connection: %s', (content) => {
    const said = faultOf(write(content));
    expect(said).toMatch(/not JSON|a JSON object/);
    expect(said).not.toContain('hush');
  });

  it('is refused once it has expired, with the date', () => {
    const said = faultOf(write({ ...connection, expires: '2020-02-29T12:00:00Z' }));
    expect(said).toContain('the pairing expired on 2020-02-29T12:00:00Z: pair the brain anew');
  });

  it('is refused where it is not there, no file, or far too long', () => {
    expect(faultOf(join(folder, 'none.json'))).toMatch(/none\.json: it cannot be read: ENOENT$/);
    expect(faultOf(folder)).toMatch(/it is no file|EISDIR/);
    expect(faultOf(write(' '.repeat(70_000)))).toContain('it has 70000 bytes');
  });

  it.runIf(isPosix).each([0o640, 0o604, 0o660, 0o610, 0o602, 0o644])(
    'is refused with mode %o: others have rights',
    (mode) => {
      const path = write(connection, mode);
      expect(faultOf(path)).toContain(`its mode is 0${mode.toString(8)}`);
      expect(faultOf(path)).toContain(`chmod 600 ${path}`);
    },
  );

  it.runIf(isPosix).each([0o600, 0o400, 0o700])('is read with mode %o', (mode) => {
    expect(readConnectionFile(write(connection, mode))).toEqual(connection);
  });

  it.runIf(isPosix)('is read as a systemd credential, whose access list stands in the mode of the group', () => {
    const path = write(connection, 0o440);
    mkdirSync(join(folder, 'other'));
    vi.stubEnv('CREDENTIALS_DIRECTORY', join(folder, 'other'));
    expect(faultOf(path)).toContain('0440');
    vi.stubEnv('CREDENTIALS_DIRECTORY', folder);
    expect(readConnectionFile(path)).toEqual(connection);
    expect(faultOf(write(connection, 0o444))).toContain('0444');
  });
});
