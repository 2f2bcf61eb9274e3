import { setTimeout as pause } from 'node:timers/promises';
import { Context, Dealer } from 'zeromq';
import { frame } from '../../bench/zmtp.ts';
import type { Allowance, Case } from '../case.ts';
import { curveOptions } from '../credentials.ts';
import { RawPeer } from '../raw-peer.ts';

const KIB = 1024;
const ENDLESS_MS = 20_000;
/** The gateway ends all connections at 256 MiB; what is on its way by then comes on top. */
const KEPT_MIB = 400;
const HUGE_FRAMES = 20_000;
const ALLOWED: Allowance = {
  because: 'all connections are ended, and the memory is kept for the next',
  reconnects: true,
  keptMib: KEPT_MIB,
  logLines: 12,
};

/** Messages that never end: libzmq keeps all of their frames, and tells the gateway of none. */
export const ENDLESS_CASES: readonly Case[] = [
  endless('endless empty frames', 'command', 0),
  endless('endless frames of 100 KiB', 'command', 100 * KIB),
  endless('endless frames of 100 bytes', 'data', 100),
  endless('endless frames of 100 bytes', 'events', 100),
  {
    family: 'endless',
    // With CURVE only who is paired gets so far.
    name: 'a message of 2 GiB from a paired brain, command',
    modes: ['encrypted'],
    expect: 'closed',
    isHeavy: true,
    allows: ALLOWED,
    throwAt: async ({ endpoints, credentials }, enough) => {
      const socket = new Dealer({ context: new Context(), linger: 0, ...curveOptions(credentials) });
      const closed = new AbortController();
      socket.events.on('disconnect', () => closed.abort());
      socket.connect(endpoints.command);
      // The same bytes over and over: they take no memory on this side.
      const part = Buffer.alloc(100 * KIB, 'a');
      await socket.send(['', ...Array<Buffer>(HUGE_FRAMES).fill(part)]);
      const untilMs = performance.now() + ENDLESS_MS;
      while (!closed.signal.aborted && !enough.aborted && performance.now() < untilMs) await pause(10);
      socket.close();
      return closed.signal.aborted ? 'closed' : 'left open';
    },
  },
];

function endless(name: string, port: 'command' | 'data' | 'events', frameBytes: number): Case {
  const one = frame(Buffer.alloc(frameBytes, 'a'), true);
  const many = Buffer.concat(Array<Buffer>(Math.ceil((256 * KIB) / one.length)).fill(one));
  return {
    family: 'endless',
    name: `${name}, ${port}`,
    modes: ['local', 'plain-network'],
    expect: 'closed',
    isHeavy: true,
    allows: ALLOWED,
    throwAt: async ({ ports }, enough) => {
      using peer = await RawPeer.shaken(ports[port], port === 'command' ? 'DEALER' : 'SUB');
      const untilMs = performance.now() + ENDLESS_MS;
      while (!peer.isClosed && !enough.aborted && performance.now() < untilMs) await peer.write(many);
      return peer.isClosed ? 'closed' : 'left open';
    },
  };
}
