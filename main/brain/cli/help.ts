import type { OptionSpec } from './command-line.ts';
import type { CommandSpec } from './command-spec.ts';
import { COMMANDS } from './commands.ts';
import { SHARED_OPTIONS } from './connection.ts';

/** What `help` prints: 80 columns. */
export function helpText(program: string): string {
  return `Usage: ${program} COMMAND [operands] [options]

Talks to an MT5 Fabric gateway: one command and its answer, or a stream.

Commands:
${COMMANDS.map(commandLine).join('')}${line('help [COMMAND]', 'explain a command')}
Options of every command:
${SHARED_OPTIONS.map(optionLine).join('')}
An option wins over its variable (MT5_FABRIC_COMMAND_PORT), the variable over
the file that --config or MT5_FABRIC_CONFIG names (command_port), the file over
the default. A connection file wins over all of them but the options.

${EXIT_CODES}
Examples:
  ${program} heartbeat --host 127.0.0.1
  ${program} open EURUSD 0.01 buy --sl 1.0450 --host 127.0.0.1
  ${program} ticks EURUSD --count 5 --json --host 127.0.0.1
`;
}

/** What `help COMMAND` prints. */
export function commandHelp(program: string, command: CommandSpec): string {
  const { name, operands, summary, details, options } = command;
  const usage = [program, name, operands, '[options]'].filter((word) => word !== '').join(' ');
  const own = options.length === 0 ? '' : `\nOptions:\n${options.map(optionLine).join('')}`;
  const more = details === undefined ? '' : `\n${details}\n`;
  return `Usage: ${usage}\n\n${sentence(summary)}\n${more}${own}
Options of every command:
${SHARED_OPTIONS.map(optionLine).join('')}
${EXIT_CODES}`;
}

const EXIT_CODES = `Exit codes: 0 good, 1 the gateway answered ERROR, 64 usage, 70 internal error,
75 no answer or not known yet, 78 configuration.
`;

function commandLine({ name, operands, summary }: CommandSpec): string {
  return line([name, operands].filter((word) => word !== '').join(' '), summary);
}

function optionLine({ name, value, about }: OptionSpec): string {
  return line(value === null ? `--${name}` : `--${name} ${value}`, about);
}

function line(term: string, about: string): string {
  const head = `  ${term}`;
  return head.length > 26 ? `${head}\n${' '.repeat(28)}${about}\n` : `${head.padEnd(28)}${about}\n`;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
