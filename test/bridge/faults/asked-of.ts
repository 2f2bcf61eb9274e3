import type { Asked, SentCommand } from '../../faults/sent-command.ts';
import type { PlannedDeed, RunPlan, RunSymbol, Side } from './run-plan.ts';

/** Where the simulated broker's prices stand, roughly: nothing moves them in a run. */
const PRICES: Readonly<Record<RunSymbol, number>> = { EURUSD: 1.1, GBPUSD: 1.3 };
const FAR = 0.1;
/** Between two steps' prices, so that each price is asked for by one command alone. */
const APART = 0.001;
const PENDING_LOTS = 0.02;
const PART_LOTS = 0.01;
const INSTEAD: Asked = { kind: 'market', payload: { symbol: 'EURUSD', side: 'BUY', volume: 0.02 } };

/** The positions and orders that the commands of a run have made, by the step that made them. */
export interface Targets {
  commandOf(step: number): SentCommand | null;
  /** Position or order of a command's own, where it is known by now. */
  ticketOf(command: SentCommand): number | null;
}

/** What a step asks for: an order, where what it should be aimed at is not there. */
export function askedOf({ steps }: RunPlan, step: number, targets: Targets): Asked {
  const { deed } = steps[step]!;
  if (deed.kind === 'market') {
    const { symbol, side, volumeLots: volume } = deed;
    return { kind: 'market', payload: { symbol, side, volume } };
  }
  if (deed.kind === 'pending') return { kind: 'pending', payload: pendingOrder(deed, step) };
  const command = targets.commandOf(deed.of);
  const ticket = command === null ? null : targets.ticketOf(command);
  const made = steps[deed.of]!.deed;
  return ticket === null ? INSTEAD : aimedAt(deed, ticket, made, step);
}

type Aimed = Exclude<PlannedDeed, { kind: 'market' | 'pending' }>;

function aimedAt(deed: Aimed, ticket: number, made: PlannedDeed, step: number): Asked {
  switch (deed.kind) {
    case 'close':
      return { kind: 'close', ticket, payload: deed.isPart ? { ticket, volume: PART_LOTS } : { ticket } };
    case 'cancel':
      return { kind: 'cancel', ticket, payload: { ticket } };
    case 'protect':
      if (made.kind !== 'market') return INSTEAD;
      return { kind: 'protect', ticket, payload: { ticket, sl: farFrom(made.symbol, made.side === 'SELL', step) } };
    case 'change':
      if (made.kind !== 'pending') return INSTEAD;
      return { kind: 'change', ticket, payload: { ticket, price: farFrom(made.symbol, isAbove(made), step) } };
  }
}

function pendingOrder(deed: Extract<PlannedDeed, { kind: 'pending' }>, step: number) {
  const { symbol, side, isStop } = deed;
  const price = farFrom(symbol, isAbove(deed), step);
  return { symbol, side, type: isStop ? 'STOP' : 'LIMIT', volume: PENDING_LOTS, price };
}

/** A limit waits on the better side of the price, a stop on the worse. */
function isAbove({ side, isStop }: { readonly side: Side; readonly isStop: boolean }): boolean {
  return (side === 'SELL') !== isStop;
}

function farFrom(symbol: RunSymbol, isAboveIt: boolean, step: number): number {
  const distance = FAR + step * APART;
  return Number((PRICES[symbol] + (isAboveIt ? distance : -distance)).toFixed(5));
}
