import { EXIT, type ExitCode } from '../exit-codes.ts';
import { VERSION } from '../version.ts';
import type { BrainIo } from './cli/brain-io.ts';
import { parseLine, type OptionSpec, type ParsedLine } from './cli/command-line.ts';
import type { CommandSpec } from './cli/command-spec.ts';
import { COMMANDS } from './cli/commands.ts';
import { readConnection, SHARED_OPTIONS } from './cli/connection.ts';
import { commandHelp, helpText } from './cli/help.ts';
import { Operands } from './cli/operands.ts';
import { processIo } from './cli/process-io.ts';
import { ZmqClient } from './zmq-client.ts';

const PROGRAM = 'mt5-fabric --brain';

/**
 * The brain's command line: runs one command and resolves with its exit code. Without `io` it works on this process,
 * called `program` in its messages. It never throws: what should not happen is said on stderr and ends with 70.
 */
export async function runBrain(args: readonly string[], io?: BrainIo, program: string = PROGRAM): Promise<ExitCode> {
  if (io !== undefined) return run(args, io);
  const own = processIo(program);
  try {
    return await run(args, own.io);
  } finally {
    own.release();
  }
}

async function run(args: readonly string[], io: BrainIo): Promise<ExitCode> {
  try {
    return await runLine(args, io);
  } catch (error) {
    io.err(
      `${io.program}: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT.internal;
  }
}

async function runLine(args: readonly string[], io: BrainIo): Promise<ExitCode> {
  if (args[0] === '--version') return print(io, `${VERSION}\n`);
  const parsed = parseLine(args, optionsOf);
  if (!parsed.ok) return refuse(io, EXIT.usage, parsed.message);
  const { line } = parsed;
  if (line.command === 'help' || (line.command === null && line.help)) return help(io, line.words[0]);
  if (line.command === null) return refuse(io, EXIT.usage, `a command is missing: one of ${commandNames()}`);
  const command = COMMANDS.find(({ name }) => name === line.command);
  if (command === undefined) return refuse(io, EXIT.usage, unknownCommand(line.command));
  return line.help ? help(io, command.name) : runCommand(command, line, io);
}

async function runCommand(command: CommandSpec, line: ParsedLine, io: BrainIo): Promise<ExitCode> {
  const operands = new Operands(line);
  const job = command.prepare(operands);
  if (operands.fault !== null) return refuse(io, EXIT.usage, operands.fault, command.name);
  const connection = readConnection(line.options, io.environment);
  if (!connection.ok) return refuse(io, EXIT[connection.kind], connection.message, command.name);
  const { words } = connection;
  await using client = new ZmqClient(connection.options);
  return await job({ client, io, words, json: line.options.has('json') });
}

function optionsOf(name: string | null): readonly OptionSpec[] {
  const command = COMMANDS.find((one) => one.name === name);
  return [...(command?.options ?? []), ...SHARED_OPTIONS];
}

async function help(io: BrainIo, name: string | undefined): Promise<ExitCode> {
  if (name === undefined) return print(io, helpText(io.program));
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) return refuse(io, EXIT.usage, unknownCommand(name));
  return print(io, commandHelp(io.program, command));
}

async function print(io: BrainIo, text: string): Promise<ExitCode> {
  await io.out(text);
  return EXIT.ok;
}

function refuse(io: BrainIo, code: ExitCode, message: string, command?: string): ExitCode {
  const more = code === EXIT.usage ? `; see ${io.program} help${command === undefined ? '' : ` ${command}`}` : '';
  io.err(`${io.program}: ${message}${more}\n`);
  return code;
}

function unknownCommand(word: string): string {
  return `unknown command ${word}; it is one of ${commandNames()}`;
}

function commandNames(): string {
  return [...COMMANDS.map(({ name }) => name), 'help'].join(', ');
}
