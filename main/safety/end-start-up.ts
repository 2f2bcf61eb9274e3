import type { Mt5Handler } from '../mt5/handler.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { StartUpFindings } from './start-up.ts';

export interface StartUpEnd {
  readonly safety: Pick<KillSwitch, 'completeStartUp'>;
  readonly terminal: Pick<Mt5Handler, 'state' | 'onState'>;
  /** What start-up has found out beside the terminal's account and latch, as it stands now. */
  readonly found: () => Omit<StartUpFindings, 'account' | 'latch'>;
}

/**
 * Ends start-up as far as that can be now. A terminal that has not said its account yet ends it when it has: until then
 * trading stays suspended. Returns what stops waiting for that.
 */
export async function endStartUp({ safety, terminal, found }: StartUpEnd): Promise<() => void> {
  const end = async () => {
    const { account, latch } = terminal.state();
    await safety.completeStartUp({ ...found(), account, latch });
    if (account !== null) stopListening();
  };
  let ending = Promise.resolve();
  const stopListening = terminal.onState(({ account }) => {
    if (account !== null) ending = ending.then(end);
  });
  ending = ending.then(end);
  await ending;
  return stopListening;
}
