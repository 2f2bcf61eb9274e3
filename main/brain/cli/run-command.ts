import type { CommandSpec } from './command-spec.ts';
import { LEASE_OPTIONS, readLease } from './lease-commands.ts';

/** Runs a strategy module. */
export const RUN_COMMAND: CommandSpec = {
  name: 'run',
  operands: 'FILE [-- ARGS…]',
  summary: 'run a strategy, kept alive by a lease',
  details: `FILE is a module in TypeScript (types are left out, Node 24) or JavaScript that
exports any of onStart(context), onTick(tick, context), onEvent(event, context)
and onStop(reason, context), and settings: symbols, leaseS, onExpiry, clientId,
staleAfterMs. Options win over settings. Types are in mt5-fabric/brain.

The run takes a dead-man lease and renews it each third of its time, as long as
the callbacks come to an end: one that hangs, a frozen process, a lost machine
let it run out, and the gateway does what --on-expiry says. Ctrl+C and SIGTERM
call onStop and end the lease in order. A callback that throws ends the run with
1 and does NOT end the lease. Log lines go to standard output.`,
  options: [{ name: 'symbols', value: 'A,B', about: 'whose ticks it gets' }, ...LEASE_OPTIONS],
  prepare: (operands) => {
    const file = operands.word('FILE');
    const args = operands.rest();
    const symbols = operands.optionalNames('symbols', 'symbols');
    const { lease_s: leaseS, on_expiry: onExpiry } = readLease(operands);
    // Loaded only when it is wanted: no other command is to carry it in its memory.
    return async (session) => {
      const { runFile } = await import('../strategy/run-file.ts');
      return runFile(session, file, args, { symbols, leaseS, onExpiry });
    };
  },
};
