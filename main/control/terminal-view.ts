import type { Mt5Handler, TerminalState } from '../mt5/handler.ts';
import type { SymbolSpec } from '../mt5/market.ts';
import type { ControlOutput } from './contract.ts';

/** So many symbols are asked for their last tick: the newest of them tells whether prices come. */
const ASKED_FOR_TICKS = 8;

/** What is known of the terminal, in the operator's contract. */
export function terminalView(state: TerminalState, nowMonoMs: number): ControlOutput<'status'>['terminal'] {
  const { account, latch, lastHeardMonoMs } = state;
  return {
    linked: state.linked,
    link_fault: state.linkFault,
    connected: state.connected,
    blocked_by: [...state.tradingBlockedBy],
    login: account?.login ?? null,
    server: account?.server ?? null,
    account_mode: account?.mode ?? null,
    margin_mode: state.marginMode,
    bridge_version: state.bridgeVersion,
    last_heard_ms_ago: lastHeardMonoMs === null ? null : Math.max(0, Math.round(nowMonoMs - lastHeardMonoMs)),
    latch_epoch: latch?.epoch ?? null,
    latched: latch?.isOn ?? null,
    transport: state.transport,
    listens_on: [...state.listensOn],
  };
}

/** Names of the terminal's symbols, and the time of its newest tick: what the operator's diagnosis looks at. */
export async function marketView(terminal: Pick<Mt5Handler, 'symbols' | 'tick'>): Promise<ControlOutput<'market'>> {
  const symbols = await terminal.symbols();
  if (!symbols.ok) return { symbols: null, newest_tick_ms: null };
  const ticks = await Promise.all(likelyToMove(symbols.value).map(({ name }) => terminal.tick(name)));
  const times = ticks.flatMap((tick) => (tick.ok ? [tick.value.timeMsc] : []));
  return {
    symbols: symbols.value.map(({ name }) => name),
    newest_tick_ms: times.length === 0 ? null : Math.max(...times),
  };
}

/** Symbols that the terminal streams anyway, pairs with the dollar first. */
function likelyToMove(symbols: readonly SymbolSpec[]): SymbolSpec[] {
  const streamed = symbols.filter(({ inMarketWatch }) => inMarketWatch);
  return streamed.toSorted((a, b) => Number(isDollar(b)) - Number(isDollar(a))).slice(0, ASKED_FOR_TICKS);
}

const isDollar = ({ currencyBase, currencyProfit }: SymbolSpec) => currencyBase === 'USD' || currencyProfit === 'USD';
