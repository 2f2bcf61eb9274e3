import { frame } from '../../bench/zmtp.ts';
import type { Case } from '../case.ts';
import { RawPeer } from '../raw-peer.ts';

const KIB = 1024;
const ENDLESS_MS = 20_000;
/** The gateway ends all connections at 256 MiB; what is on its way by then comes on top. */
const KEPT_MIB = 400;

/** Messages that never end: libzmq keeps all of their frames, and tells the gateway of none. */
export const ENDLESS_CASES: readonly Case[] = [
  endless('endless empty frames', 'command', 0),
  endless('endless frames of 100 KiB', 'command', 100 * KIB),
  endless('endless frames of 100 bytes', 'data', 100),
  endless('endless frames of 100 bytes', 'events', 100),
];

function endless(name: string, port: 'command' | 'data' | 'events', frameBytes: number): Case {
  const one = frame(Buffer.alloc(frameBytes, 'a'), true);
  const many = Buffer.concat(Array<Buffer>(Math.ceil((256 * KIB) / one.length)).fill(one));
  return {
    family: 'endless',
    name: `${name}, ${port}`,
    // With CURVE only who is paired gets so far, and libzmq's own clients send nothing before the end of a message.
    modes: ['local', 'plain-network'],
    expect: 'closed',
    isHeavy: true,
    allows: {
      because: 'all connections are ended, and the memory is kept for the next',
      reconnects: true,
      keptMib: KEPT_MIB,
      // A request that is on its way then is lost; the client sends it again after 2 s.
      killMs: 5_000,
      logLines: 12,
    },
    throwAt: async ({ ports }, enough) => {
      using peer = await RawPeer.shaken(ports[port], port === 'command' ? 'DEALER' : 'SUB');
      const untilMs = performance.now() + ENDLESS_MS;
      while (!peer.isClosed && !enough.aborted && performance.now() < untilMs) await peer.write(many);
      return peer.isClosed ? 'closed' : 'left open';
    },
  };
}
