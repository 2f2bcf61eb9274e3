import { command, greeting } from '../bench/zmtp.ts';

/** Bytes of a CURVE HELLO behind its name. */
const HELLO_BYTES = 194;

/** The greeting of ZMTP 3 with a mechanism and version of one's choice. */
export function greetingOf(mechanism: string, [major, minor]: readonly [number, number] = [3, 1]): Buffer {
  const bytes = greeting();
  bytes[10] = major;
  bytes[11] = minor;
  bytes.fill(0, 12, 32);
  bytes.write(mechanism, 12, 20, 'latin1');
  return bytes;
}

/** The greeting of ZMTP 2: signature, revision 1, a socket type and an empty identity. */
export function greetingOfVersion2(socketType: number): Buffer {
  return Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, socketType, 0, 0]);
}

/** ZMTP 1: no signature, an empty identity, then a message of one frame. */
export function messageOfVersion1(body: string): Buffer {
  return Buffer.concat([Buffer.from([1, 0]), Buffer.from([body.length + 1, 0]), Buffer.from(body)]);
}

/** A CURVE HELLO; `data` is what stands behind the name. */
export function hello(data: Buffer = Buffer.alloc(HELLO_BYTES)): Buffer {
  return command('HELLO', data);
}
