import type { Clock } from '../../clock.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { KillSwitch } from '../../safety/kill-switch.ts';
import type { TopicValue } from '../contract.ts';
import { stateView, ticketView } from '../views.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

/** While a flatten runs, its tickets move without a change of the state. */
const LOOK_EVERY_MS = 200;

interface Ports {
  readonly clock: Clock;
  readonly safety: Pick<KillSwitch, 'state' | 'onChange' | 'flattenTickets'>;
  /** Requests that were refused since trading stopped. */
  readonly refused: () => number;
}

/** The trading state, with the flatten of this halt and what has been refused meanwhile. */
export function stateSource({ clock, safety, refused }: Ports): Source<TopicValue<'state'>> {
  return {
    value: () => ({
      state: stateView(safety.state()),
      tickets: safety.flattenTickets().map(ticketView),
      refused: refused(),
    }),
    watch: (changed) => {
      const unsubscribe = safety.onChange(changed);
      const stopLooking = lookEvery(clock, LOOK_EVERY_MS, changed);
      return () => {
        unsubscribe();
        stopLooking();
      };
    },
  };
}

/** Counts what is refused because trading is not on: from when it stopped, and nothing while it is on. */
export class RefusedCount {
  readonly #total: () => number;
  readonly #unsubscribe: () => void;
  #before: number;

  constructor(safety: Pick<KillSwitch, 'state' | 'onChange'>, { meter }: Pick<Gateway, 'meter'>) {
    this.#total = () => meter.refusedByState;
    // A gateway that has just started has refused nothing before.
    this.#before = 0;
    this.#unsubscribe = safety.onChange(({ mode }) => {
      if (mode === 'TRADING') this.#before = this.#total();
    });
  }

  /** Since trading stopped. */
  get count(): number {
    return this.#total() - this.#before;
  }

  stop(): void {
    this.#unsubscribe();
  }
}
