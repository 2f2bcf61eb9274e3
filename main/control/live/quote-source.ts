import type { Clock } from '../../clock.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { Tick } from '../../mt5/market.ts';
import type { TopicValue } from '../contract.ts';
import type { Source } from './topic.ts';

const MOST_QUOTES = 100;
const USUAL_DIGITS = 5;

interface Ports {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'onTicks'>;
  readonly gateway: Pick<Gateway, 'shownSymbols' | 'streamForScreen' | 'digitsOf'>;
}

interface Quote {
  readonly tick: Tick;
  readonly heardMonoMs: number;
}

/** The latest price of each symbol that a screen shows. While somebody looks, the terminal streams them for it. */
export function quoteSource({ clock, terminal, gateway }: Ports): Source<TopicValue<'quotes'>> {
  const latest = new Map<string, Quote>();
  return {
    value: () => inOrder([...latest.keys()], gateway.shownSymbols()).flatMap((symbol) => view(latest.get(symbol))),
    watch: (changed) => {
      const unsubscribe = terminal.onTicks((ticks) => {
        const heardMonoMs = clock.monoMs();
        for (const tick of ticks) latest.set(tick.symbol, { tick, heardMonoMs });
        changed();
      });
      const stopStreaming = gateway.streamForScreen();
      return () => {
        unsubscribe();
        stopStreaming();
      };
    },
  };

  function view(quote: Quote | undefined): TopicValue<'quotes'> {
    if (quote === undefined) return [];
    const { symbol, bid, ask, timeMsc } = quote.tick;
    const digits = gateway.digitsOf(symbol) ?? USUAL_DIGITS;
    const msAgo = Math.max(0, Math.round(clock.monoMs() - quote.heardMonoMs));
    return [{ symbol, bid, ask, digits, time_msc: timeMsc, ms_ago: msAgo }];
  }
}

/** The symbols that are shown, in their order, then those that only a brain has named. */
function inOrder(known: readonly string[], shown: readonly string[]): readonly string[] {
  return [...new Set([...shown, ...known])].slice(0, MOST_QUOTES);
}
