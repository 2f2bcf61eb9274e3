import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalCommand } from '../arguments.ts';
import { assertNever } from '../assert-never.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { callGateway, type CallResult } from './client.ts';
import type { ControlCall, ControlOutput } from './contract.ts';
import { killLines, stateLines, statusLines } from './state-text.ts';

const ANSWER_TIMEOUT_MS = 3_000;
/** A close waits for the broker. */
const CLOSE_TIMEOUT_MS = 15_000;
const NOT_CLOSED = 'Positions were NOT closed: close them in MetaTrader, or repeat --kill when the gateway runs.';
const MAY_NOT_CLOSE =
  'Positions are NOT closed now: close them in MetaTrader. A gateway that comes to itself may still read this kill and close them.';
const GONE_STATES: readonly string[] = ['CLOSED', 'CANCELLED', 'GONE'];

/** What a local command needs of its surroundings. */
export interface LocalIo {
  readonly dataDir: string;
  readonly endpoints: readonly string[];
  readonly json: boolean;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** What an operator asks for. */
export interface LocalRequest {
  readonly command: LocalCommand;
  readonly reason?: string;
  readonly ticket?: string;
  readonly client?: string;
  readonly reqId?: string;
  readonly happened?: 'yes' | 'no';
}

/** Runs `--status`, `--kill`, `--halt` and the like against the gateway of a data folder. */
export async function runLocalCommand(request: LocalRequest, io: LocalIo): Promise<ExitCode> {
  const { command, reason, ticket, client } = request;
  switch (command) {
    case 'status':
      return status(io);
    case 'kill':
    case 'halt':
      return stopTrading(command, reason, io);
    case 'resume':
      return resume(reason, io);
    case 'close':
      return close(ticket ?? '', reason, io);
    case 'take-out':
      return takeOut(ticket ?? '', reason, io);
    case 'end-lease':
      return endLease(client ?? '', reason, io);
    case 'decide':
      return decide(request, io);
    case 'panel-address':
      return panelAddress(io);
    default:
      return assertNever(command, 'local command');
  }
}

async function status(io: LocalIo): Promise<ExitCode> {
  const result = await callGateway(io.endpoints, 'status', {}, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  print(io, result.output, statusLines(result.output));
  return EXIT.ok;
}

async function stopTrading(command: 'kill' | 'halt', reason: string | undefined, io: LocalIo): Promise<ExitCode> {
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

async function resume(reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('resume', io);
  const result = await callGateway(io.endpoints, 'resume', { reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  print(io, result.output, resumeLines(result.output));
  return result.output.resumed ? EXIT.ok : EXIT.unavailable;
}

async function close(ticket: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('close', io);
  const result = await callGateway(io.endpoints, 'close', { ticket, reason }, CLOSE_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { state, message, recorded } = result.output;
  const note = recorded ? [] : ['The audit log could not record it.'];
  print(io, result.output, [`${ticket}: ${message}`, ...note]);
  if (state === 'UNKNOWN') return EXIT.unavailable;
  return GONE_STATES.includes(state) ? EXIT.ok : EXIT.refused;
}

async function takeOut(ticket: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('take-out', io);
  const result = await callGateway(io.endpoints, 'takeOut', { ticket, reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const isOut = result.output.taken_out;
  const message = isOut
    ? `${ticket} is left alone from now on: you answer for it.`
    : `${ticket} is not one of the positions and orders that a flatten is closing now (see --status).`;
  print(io, result.output, [message]);
  return isOut ? EXIT.ok : EXIT.refused;
}

async function endLease(client: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('end-lease', io);
  const result = await callGateway(io.endpoints, 'endLease', { client, reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const isEnded = result.output.ended;
  const message = isEnded
    ? `The lease of ${client} is over; its silence restricts nothing more.`
    : `${client} has no lease (see --status).`;
  print(io, result.output, [message]);
  return isEnded ? EXIT.ok : EXIT.refused;
}

async function decide({ reqId = '', client, happened, reason }: LocalRequest, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('decide', io);
  const named = client === undefined ? {} : { client };
  const input = { req_id: reqId, ...named, happened: happened === 'yes', reason };
  const result = await callGateway(io.endpoints, 'decide', input, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { decided } = result.output;
  const message = decided
    ? `${reqId} counts as ${happened === 'yes' ? 'done' : 'not done'} from now on; it is on record that you said so.`
    : `${reqId} is not a command of unknown outcome, or several clients have one (see --status; --client NAME).`;
  print(io, result.output, [message]);
  return decided ? EXIT.ok : EXIT.refused;
}

async function panelAddress(io: LocalIo): Promise<ExitCode> {
  const result = await callGateway(io.endpoints, 'panelAddress', {}, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { output } = result;
  print(io, output, output.open ? [output.address, 'Good for one sign-in, within 10 minutes.'] : [output.message]);
  return output.open ? EXIT.ok : EXIT.unavailable;
}

function needsReason(command: LocalCommand, io: LocalIo): ExitCode {
  io.stderr(`mt5-fabric: --${command} needs --reason "…" (3 to 280 characters): it goes into the audit log\n`);
  return EXIT.usage;
}

function resumeLines(output: ControlOutput<'resume'>): string[] {
  if (output.resumed)
    return ['Trading is on again. Nothing that was refused meanwhile is sent.', ...stateLines(output.state)];
  return [output.message, ...output.standing.map((cause) => `  - ${cause}`)];
}

function unavailable(result: CallResult<ControlCall>, io: LocalIo): ExitCode {
  const message =
    result.kind === 'no-gateway'
      ? `no gateway is running in ${io.dataDir} (another folder: --data-dir DIR)`
      : result.kind === 'refused'
        ? result.message
        : 'the gateway does not answer';
  io.stderr(`mt5-fabric: ${message}\n`);
  return result.kind === 'refused' ? EXIT.usage : EXIT.unavailable;
}

function print(io: LocalIo, value: unknown, lines: readonly string[]): void {
  io.stdout(io.json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}
