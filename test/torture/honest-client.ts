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
const KILL_TRIES = 5;

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

/** Sent again when no answer has come, as clients do: a connection may end with the request on its way. */
async function kill(): Promise<HonestKill> {
  const sentMs = performance.now();
  for (let left = KILL_TRIES; left > 0; left -= 1) {
    const reply = await ask('KILL_SWITCH', LOST_AFTER_MS);
    if (reply === null) continue;
    const { mode } = reply.data as { mode?: unknown };
    return { tookMs: performance.now() - sentMs, status: reply.status, mode: String(mode) };
  }
  return { tookMs: performance.now() - sentMs, status: 'none', mode: 'unknown' };
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
