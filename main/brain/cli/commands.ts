import type { CommandSpec } from './command-spec.ts';
import { QUERY_COMMANDS } from './query-commands.ts';
import { SERVE_COMMAND } from './serve-command.ts';
import { STREAM_COMMANDS } from './stream-commands.ts';
import { TRADE_COMMANDS } from './trade-commands.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...QUERY_COMMANDS,
  ...TRADE_COMMANDS,
  ...STREAM_COMMANDS,
  SERVE_COMMAND,
];
