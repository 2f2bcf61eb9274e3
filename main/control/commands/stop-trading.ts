import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { callGateway, type CallResult } from '../client.ts';
import type { ControlCall } from '../contract.ts';
import { killLines, stateLines } from '../state-text.ts';
import { ANSWER_TIMEOUT_MS, print, type LocalIo } from './local-io.ts';

const NOT_CLOSED = 'Positions were NOT closed: close them in MetaTrader, or repeat --kill when the gateway runs.';
const MAY_NOT_CLOSE =
  'Positions are NOT closed now: close them in MetaTrader. A gateway that comes to itself may still read this kill and close them.';

/** `--kill` and `--halt`: they hold also where no gateway answers. */
export async function stopTrading(
  command: 'kill' | 'halt',
  reason: string | undefined,
  io: LocalIo,
): Promise<ExitCode> {
  const input = reason === undefined ? {} : { reason };
  if (command === 'halt') {
    const result = await callGateway(io.endpoints, 'halt', input, ANSWER_TIMEOUT_MS);
    if (result.kind !== 'answered') return stopWithoutGateway(command, result, io);
    print(io, result.output, stateLines(result.output));
    return EXIT.ok;
  }
  const result = await callGateway(io.endpoints, 'kill', input, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return stopWithoutGateway(command, result, io);
  print(io, result.output, killLines(result.output));
  return EXIT.ok;
}

// A gateway that hangs or is away must still come up halted: its token goes, and a HALT file is left for it.
async function stopWithoutGateway(
  command: 'kill' | 'halt',
  result: CallResult<ControlCall>,
  io: LocalIo,
): Promise<ExitCode> {
  const haltFile = join(io.dataDir, 'HALT');
  try {
    await rm(join(io.dataDir, 'ARMED'), { force: true });
    await writeFile(haltFile, `${new Date().toISOString()} --${command}\n`, { mode: 0o600 });
  } catch (error) {
    io.stderr(`mt5-fabric: cannot write ${haltFile}: ${(error as Error).message}\n`);
    return EXIT.configuration;
  }
  const why =
    result.kind === 'no-gateway' ? 'No gateway is running in this data folder.' : 'The gateway does not answer.';
  const lines = [
    `${why} The halt is left for it in ${haltFile}: it acts on that file within a second, or stays HALTED when it starts.`,
    ...(command === 'kill' ? [result.kind === 'no-gateway' ? NOT_CLOSED : MAY_NOT_CLOSE] : []),
    'To trade again, delete that file and run mt5-fabric --resume --reason "…".',
  ];
  print(io, { halted: true, gateway: result.kind, halt_file: haltFile }, lines);
  return EXIT.ok;
}
