// The honest client beside an attack, in a process of its own: sends a HEARTBEAT every 10 ms, whether or not the last was
// answered, and a KILL_SWITCH when it is told to.
import { setTimeout as pause } from 'node:timers/promises';
import { HonestLine, type HonestReply } from './honest-line.ts';
import type {
  HonestAnswer,
  HonestHoldings,
  HonestKill,
  HonestQuestion,
  HonestStart,
  HonestWindow,
} from './honest-protocol.ts';

const BEAT_EVERY_MS = 10;
const LOST_AFTER_MS = 2_000;
const KILL_LIMIT_MS = 10_000;

const start = JSON.parse(process.argv[2] ?? '') as HonestStart;
const beating = new HonestLine(start);
// A reply that finds no room behind those to many heartbeats is dropped: what matters goes another way.
const asking = new HonestLine(start);
let tookMs: number[] = [];
let lost = 0;

process.on('message', ({ id, question }: { id: number; question: HonestQuestion }) => {
  void answer(question).then((given) => process.send?.({ id, given }));
});
process.on('disconnect', () => process.exit(0));
await beat();

async function beat(): Promise<void> {
  for (;;) {
    beating.send('HEARTBEAT', (_, ms) => tookMs.push(ms));
    lost += beating.forgetOlderThan(LOST_AFTER_MS);
    await pause(BEAT_EVERY_MS);
  }
}

async function answer(question: HonestQuestion): Promise<HonestAnswer> {
  switch (question) {
    case 'window':
      return windowSoFar();
    case 'kill':
      return kill();
    case 'holdings':
      return holdings();
  }
}

/** Those still under way count with the time that they have taken so far. */
function windowSoFar(): HonestWindow {
  const window = { tookMs: [...tookMs, ...beating.waitingMs().filter((ms) => ms > BEAT_EVERY_MS)], lost };
  tookMs = [];
  lost = 0;
  return window;
}

async function kill(): Promise<HonestKill> {
  const sentMs = performance.now();
  const reply = await ask('KILL_SWITCH', KILL_LIMIT_MS);
  const tookMs = performance.now() - sentMs;
  if (reply === null) return { tookMs, status: 'none', mode: 'unknown' };
  const { mode } = reply.data as { mode?: unknown };
  return { tookMs, status: reply.status, mode: String(mode) };
}

async function holdings(): Promise<HonestHoldings> {
  return { tickets: [...(await ticketsOf('GET_POSITIONS')), ...(await ticketsOf('GET_ORDERS'))] };
}

/** What is not answered with a list, like a gateway without a terminal, holds what it says instead. */
async function ticketsOf(action: string): Promise<readonly string[]> {
  const reply = await ask(action, LOST_AFTER_MS);
  if (reply === null) return ['unanswered'];
  const { data, status } = reply;
  return Array.isArray(data) ? data.map(({ ticket }: { ticket: number }) => String(ticket)) : [status];
}

function ask(action: string, limitMs: number): Promise<HonestReply | null> {
  return new Promise((resolve) => {
    setTimeout(resolve, limitMs, null);
    asking.send(action, (reply) => resolve(reply));
  });
}
