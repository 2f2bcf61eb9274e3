import { constants, setPriority } from 'node:os';

/**
 * Lets the gateway and its terminal go first where processors are short: `process` for a command that reads the log,
 * `thread` for a worker of the gateway itself, where a priority of its own can be had (Linux alone).
 */
export function yieldToTrading(who: 'process' | 'thread'): void {
  if (who === 'thread' && process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: it reads at the priority that it has.
  }
}
