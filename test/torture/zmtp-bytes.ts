import { greeting } from '../bench/zmtp.ts';

const COMMAND = 0x04;
const LONG = 0x02;
const MORE = 0x01;
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

/** A command frame. */
export function command(name: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), data]);
  return body.length < 256
    ? Buffer.concat([Buffer.from([COMMAND, body.length]), body])
    : Buffer.concat([longHeader(COMMAND, BigInt(body.length)), body]);
}

/** A CURVE HELLO; `data` is what stands behind the name. */
export function hello(data: Buffer = Buffer.alloc(HELLO_BYTES)): Buffer {
  return command('HELLO', data);
}

/** A property of a handshake's metadata. */
export function property(name: string, value: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
}

/** The header of a frame that says to be `bytes` long, whatever comes. */
export function frameHeader(bytes: bigint, more = false): Buffer {
  return longHeader(more ? MORE : 0, bytes);
}

function longHeader(flags: number, bytes: bigint): Buffer {
  const header = Buffer.alloc(9);
  header[0] = flags | LONG;
  header.writeBigUInt64BE(bytes, 1);
  return header;
}
