import type { Clock } from '../../clock.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { TopicValue } from '../contract.ts';
import { terminalView } from '../terminal-view.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

const LOOK_EVERY_MS = 1_000;
/** A terminal that was not heard for longer is called stale. */
const STALE_MS = 2_000;

interface Ports {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'state' | 'onState'>;
}

/** What is known of the terminal. Sent also when it has been heard anew, once a second, and when it falls silent. */
export function terminalSource({ clock, terminal }: Ports): Source<TopicValue<'terminal'>> {
  return {
    value: () => terminalView(terminal.state(), clock.monoMs()),
    mark: () => {
      const { lastHeardMonoMs } = terminal.state();
      if (lastHeardMonoMs === null) return 'never';
      const isStale = clock.monoMs() - lastHeardMonoMs > STALE_MS;
      return `${Math.floor(lastHeardMonoMs / LOOK_EVERY_MS)} ${isStale}`;
    },
    watch: (changed) => {
      const unsubscribe = terminal.onState(changed);
      const stopLooking = lookEvery(clock, LOOK_EVERY_MS, changed);
      return () => {
        unsubscribe();
        stopLooking();
      };
    },
  };
}
