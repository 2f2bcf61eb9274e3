import type { CommandSpec } from './command-spec.ts';

/** A live view in the terminal. */
export const WATCH_COMMAND: CommandSpec = {
  name: 'watch',
  operands: '[SYMBOL…]',
  summary: 'live view of state, account, positions and quotes',
  details: `Fills the terminal until q or Ctrl+C. Quotes are those of the symbols with
positions and of those that are named; one older than 5 s is marked stale. When
the gateway stops answering the view says so and no longer shows its last mode.
No colours where NO_COLOR is set.`,
  options: [{ name: 'once', value: null, about: 'print one frame and end; needs no terminal' }],
  prepare: (operands) => {
    const symbols = operands.rest();
    const isOnce = operands.flag('once');
    operands.bar('json', 'watch draws for people; programs take events --json, ticks --json or positions --json');
    // Loaded only when it is wanted: no other command is to carry it in its memory.
    return async (session) => {
      const { printOnce, watch } = await import('../watch/watch.ts');
      return isOnce ? printOnce(session, symbols) : watch(session, symbols);
    };
  },
};
