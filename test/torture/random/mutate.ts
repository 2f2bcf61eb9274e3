import type { Chance } from '../../faults/chance.ts';

const MOST_BYTES = 256 * 1024;

type Mutation = (bytes: Buffer, other: Buffer, chance: Chance) => Buffer;

const MUTATIONS: readonly Mutation[] = [flipBits, truncate, splice, repeat, cutOut, overwrite, insert, doNothing];

/** Valid traffic made bad: up to four changes, each of a kind by chance. `other` is traffic that parts are taken from. */
export function mutated(bytes: Buffer, other: Buffer, chance: Chance): Buffer {
  let result = bytes;
  for (let left = chance.whole(1, 4); left > 0; left -= 1) result = chance.pick(MUTATIONS)(result, other, chance);
  return result.subarray(0, MOST_BYTES);
}

function flipBits(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (let left = chance.whole(1, 8); left > 0; left -= 1) {
    const at = chance.whole(0, copy.length - 1);
    copy[at]! ^= 1 << chance.whole(0, 7);
  }
  return copy;
}

function truncate(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  return bytes.subarray(0, chance.whole(0, bytes.length));
}

function splice(bytes: Buffer, other: Buffer, chance: Chance): Buffer {
  const tail = other.subarray(chance.whole(0, other.length));
  return Buffer.concat([bytes.subarray(0, chance.whole(0, bytes.length)), tail]);
}

function repeat(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  const from = chance.whole(0, bytes.length);
  const part = bytes.subarray(from, chance.whole(from, bytes.length));
  const times = chance.whole(1, 20);
  return Buffer.concat([bytes.subarray(0, from), ...Array<Buffer>(times).fill(part), bytes.subarray(from)]);
}

function cutOut(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  const from = chance.whole(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + chance.whole(1, 16))]);
}

/** Lengths and flags are bytes like 0, 1, 0x7f and 0xff more often than others. */
function overwrite(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  const at = chance.whole(0, copy.length);
  copy.fill(
    chance.pick([0, 1, 2, 4, 0x7f, 0x80, 0xff, 0x0a, 0x22]),
    at,
    Math.min(copy.length, at + chance.whole(1, 8)),
  );
  return copy;
}

function insert(bytes: Buffer, _: Buffer, chance: Chance): Buffer {
  const at = chance.whole(0, bytes.length);
  const some = Buffer.from(Array.from({ length: chance.whole(1, 32) }, () => chance.whole(0, 255)));
  return Buffer.concat([bytes.subarray(0, at), some, bytes.subarray(at)]);
}

function doNothing(bytes: Buffer): Buffer {
  return bytes;
}
