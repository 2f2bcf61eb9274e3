import { describe, expect, it } from 'vitest';
import { frame, FrameReader, greeting, pongCommand, readyCommand, requestMessage } from '../../bench/zmtp.ts';

interface Found {
  readonly frames: { readonly body: string; readonly more: boolean }[];
  readonly commands: string[];
}

/** Reads `stream` in pieces of `size` bytes through one buffer that is used again for each, as a socket's is. */
function readInPieces(stream: Buffer, size: number): Found {
  const found: Found = { frames: [], commands: [] };
  const reader = new FrameReader({
    frame: (bytes, start, end, more) => found.frames.push({ body: bytes.toString('latin1', start, end), more }),
    command: (body) => found.commands.push(body.toString('latin1')),
  });
  const shared = Buffer.alloc(size);
  for (let at = 0; at < stream.length; at += size) {
    const length = stream.copy(shared, 0, at, at + size);
    reader.push(shared.subarray(0, length));
    shared.fill(0xaa);
  }
  return found;
}

describe('the frame reader', () => {
  const long = 'x'.repeat(700);
  const stream = Buffer.concat([
    greeting(),
    readyCommand('REQ'),
    requestMessage(Buffer.from('{"a":1}')),
    frame(Buffer.from(long)),
  ]);

  it.each([1, 2, 7, 64, 65, 300, 10_000])('finds the same frames in pieces of %i bytes', (size) => {
    expect(readInPieces(stream, size)).toEqual({
      frames: [
        { body: '', more: true },
        { body: '{"a":1}', more: false },
        { body: long, more: false },
      ],
      commands: ['\x05READY\x0bSocket-Type\0\0\0\x03REQ'],
    });
  });

  it('takes nothing of the greeting for a frame', () => {
    expect(readInPieces(greeting(), 64)).toEqual({ frames: [], commands: [] });
  });
});

describe('a frame', () => {
  it('has a length of one byte up to 255 bytes, and of eight from there', () => {
    expect(frame(Buffer.alloc(255)).subarray(0, 2)).toEqual(Buffer.from([0, 255]));
    expect(frame(Buffer.alloc(256)).subarray(0, 9)).toEqual(Buffer.from([2, 0, 0, 0, 0, 0, 0, 1, 0]));
  });
});

describe('the answer to a ping', () => {
  it('gives the context back', () => {
    const ping = Buffer.from('\x04PING\0\x0acontext', 'latin1');
    expect(pongCommand(ping)).toEqual(Buffer.from('\x04\x0c\x04PONGcontext', 'latin1'));
  });
});
