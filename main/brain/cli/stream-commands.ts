import { EVENT_KINDS } from '../../protocol/events.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { encodeJson } from '../../protocol/json.ts';
import type { FabricEvent } from '../../protocol/events.ts';
import type { WireTick } from '../../protocol/ticks.ts';
import type { WireStream } from '../wire-stream.ts';
import type { OptionSpec } from './command-line.ts';
import type { CommandSpec } from './command-spec.ts';
import { decimalsOf, localTime } from './figures.ts';
import type { Operands } from './operands.ts';
import type { Session } from './session.ts';
import { tickView } from './views.ts';

const COUNT: OptionSpec = { name: 'count', value: 'N', about: 'end after so many [run until stopped]' };

/** Commands that print what comes until they are stopped. */
export const STREAM_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'ticks',
    operands: '[SYMBOL…]',
    summary: 'print ticks as they come',
    options: [COUNT],
    prepare: (operands) => {
      const limit = limitOf(operands);
      const symbols = operands.rest();
      return (session) => {
        const ticks = session.client.streamData({ symbols: some(symbols), ...outside(session) });
        return print(session, ticks, limit, tickPrinter());
      };
    },
  },
  {
    name: 'events',
    operands: '[KIND…]',
    summary: 'print what happens at the gateway',
    details: `All kinds, or those that are named:\n${wrapped(EVENT_KINDS)}`,
    options: [COUNT],
    prepare: (operands) => {
      const limit = limitOf(operands);
      const kinds = operands.restOf('KIND', EVENT_KINDS);
      return (session) => {
        const events = session.client.events({ kinds: some(kinds), ...outside(session) });
        return print(session, events, limit, eventLine);
      };
    },
  },
];

/** What ends a stream, and where it complains. */
function outside({ io }: Session) {
  return { signal: io.stop, refused: (why: string) => io.err(`${io.program}: ${why}\n`) };
}

/** Prints until `limit`, or until it is stopped: both are a good end. */
async function print<T>(
  { io, json }: Session,
  stream: WireStream<T>,
  limit: number,
  line: (message: T) => string,
): Promise<ExitCode> {
  let printed = 0;
  for await (const message of stream) {
    await io.out(json ? `${encodeJson(message)}\n` : line(message));
    printed += 1;
    if (printed >= limit) break;
  }
  if (stream.dropped > 0) io.err(`${io.program}: ${stream.dropped} messages lost: the output was read too slowly\n`);
  return EXIT.ok;
}

/** Ticks of a symbol keep the most decimals seen, so that a trailing zero does not move the columns. */
function tickPrinter(): (tick: WireTick) => string {
  const seen = new Map<string, number>();
  return (tick) => {
    const decimals = Math.max(seen.get(tick.symbol) ?? 0, decimalsOf(tick.bid, tick.ask));
    seen.set(tick.symbol, decimals);
    return tickView({ ...tick }, decimals);
  };
}

function eventLine({ event, timestamp, data }: FabricEvent): string {
  return `${localTime(timestamp * 1000, 'milliseconds')}  ${event.padEnd(13)}  ${encodeJson(data)}\n`;
}

function limitOf(operands: Operands): number {
  return operands.optionalCount('count', 1) ?? Infinity;
}

/** A list of words in lines of at most 80 columns. */
function wrapped(words: readonly string[]): string {
  return words
    .join(', ')
    .replace(/(.{1,79})(?: |$)/g, '$1\n')
    .trimEnd();
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
