import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { Chance } from '../../faults/chance.ts';
import { RawPeer } from '../raw-peer.ts';
import type { Door } from './doors.ts';
import { mutated } from './mutate.ts';

const stepSchema = z.object({ door: z.string(), chunks: z.array(z.string()) });

/** One connection and what is said by it, as hexadecimal digits, a chunk for each write. */
export type Step = z.output<typeof stepSchema>;

const BETWEEN_CHUNKS_MS = 5;
const LINGER_MS = 30;
/** Far from each other, so that the choices of two steps have nothing in common. */
const SEED_STRIDE = 7_919;

/** The step of a number: the same for the same seed, as far as the traffic is. */
export function stepOf(seed: number, n: number, doors: readonly Door[]): Step {
  const chance = new Chance((seed * SEED_STRIDE + n) >>> 0);
  const door = chance.pick(doors);
  const bytes = mutated(chance.pick(door.traffic), chance.pick(chance.pick(doors).traffic), chance);
  const cuts = Array.from({ length: chance.whole(0, 2) }, () => chance.whole(0, bytes.length)).sort((a, b) => a - b);
  const ends = [...cuts, bytes.length];
  return { door: door.name, chunks: ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end).toString('hex')) };
}

/** Plays a step at its door. One that is not even let in has had its effect. */
export async function playStep({ door: name, chunks }: Step, doors: readonly Door[]): Promise<void> {
  const door = doors.find((one) => one.name === name);
  if (door === undefined) throw new Error(`there is no door ${name}`);
  const opened = await RawPeer.open(door.address).catch(() => null);
  if (opened === null) return;
  using peer = opened;
  for (const chunk of chunks) {
    await peer.write(Buffer.from(chunk, 'hex'));
    await pause(BETWEEN_CHUNKS_MS);
  }
  await peer.closesWithin(LINGER_MS);
}

/** Keeps steps in a file, so that `--replay` can play them again. */
export function keepSteps(file: string, steps: readonly Step[]): void {
  writeFileSync(file, `${steps.map((step) => JSON.stringify(step)).join('\n')}\n`);
}

/** Reads what `keepSteps` wrote. Throws on anything else. */
export function readSteps(file: string): readonly Step[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => stepSchema.parse(JSON.parse(line)));
}
