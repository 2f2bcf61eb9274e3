import { CHANGE_COMMANDS } from './change-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { BYE_COMMAND, HEARTBEAT_COMMAND } from './lease-commands.ts';
import { MARKET_COMMANDS } from './market-commands.ts';
import { QUERY_COMMANDS } from './query-commands.ts';
import { RUN_COMMAND } from './run-command.ts';
import { SERVE_COMMAND } from './serve-command.ts';
import { STREAM_COMMANDS } from './stream-commands.ts';
import { TRADE_COMMANDS } from './trade-commands.ts';
import { WATCH_COMMAND } from './watch-command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  HEARTBEAT_COMMAND,
  ...QUERY_COMMANDS,
  ...MARKET_COMMANDS,
  ...TRADE_COMMANDS,
  ...CHANGE_COMMANDS,
  BYE_COMMAND,
  ...STREAM_COMMANDS,
  WATCH_COMMAND,
  RUN_COMMAND,
  SERVE_COMMAND,
];
