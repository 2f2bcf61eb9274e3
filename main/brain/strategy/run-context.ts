import type { Clock } from '../../clock.ts';
import type { Action } from '../../protocol/actions.ts';
import { CommandRefused } from '../errors.ts';
import type { PayloadOf } from '../payload-types.ts';
import type { AccountData, PositionData, Reply, ReplyTo } from '../reply-types.ts';
import type { CommandOptions, ZmqClient } from '../zmq-client.ts';
import type { KnownState } from './known-state.ts';
import type { QuoteBoard } from './quote-board.ts';
import type { Quote, StrategyContext, StrategyLog, TradingMode } from './strategy.ts';

interface Parts {
  readonly client: ZmqClient;
  readonly clock: Clock;
  readonly board: QuoteBoard;
  readonly state: KnownState;
  readonly log: StrategyLog;
  readonly args: readonly string[];
  readonly clientId: string;
  readonly stop: (reason: string) => void;
}

/** `sendCommand` without its overloads. */
type UntypedSend = (action: Action, payload?: object, options?: CommandOptions) => Promise<ReplyTo<Action>>;

/** The context of a run: a strategy's only way to the runner. */
export class RunContext implements StrategyContext {
  readonly clientId: string;
  readonly args: readonly string[];
  readonly log: StrategyLog;
  readonly send: ZmqClient['sendCommand'];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.clientId = parts.clientId;
    this.args = parts.args;
    this.log = parts.log;
    this.send = sendOf(parts.client);
  }

  get mode(): TradingMode {
    return this.#parts.state.mode;
  }

  get quotes(): ReadonlyMap<string, Quote> {
    return this.#parts.board.quotes;
  }

  // Bound, so that a strategy may take them out of the context.
  readonly positions = async (filter: PayloadOf<'GET_POSITIONS'> = {}): Promise<readonly PositionData[]> =>
    dataOf('GET_POSITIONS', await this.#parts.client.sendCommand('GET_POSITIONS', filter));

  readonly account = async (): Promise<AccountData> =>
    dataOf('GET_ACCOUNT_INFO', await this.#parts.client.sendCommand('GET_ACCOUNT_INFO'));

  readonly now = (): number => this.#parts.clock.nowMs();

  readonly stop = (reason: string): void => this.#parts.stop(reason);
}

/** `sendCommand` without what would let a strategy keep its own lease: then the lease would prove nothing. */
function sendOf(client: ZmqClient): ZmqClient['sendCommand'] {
  const send: UntypedSend = (action, payload = {}, options = {}) => {
    const isLease = action === 'BYE' || (action === 'HEARTBEAT' && 'lease_s' in payload);
    if (!isLease) return client.sendCommand(action, payload as never, options);
    return Promise.reject(new RangeError('the lease is kept by the runner: a strategy cannot renew or end it'));
  };
  return send;
}

function dataOf<Data>(action: 'GET_POSITIONS' | 'GET_ACCOUNT_INFO', reply: Reply<Data>): Data {
  if (reply.status === 'SUCCESS') return reply.data;
  throw new CommandRefused(action, reply);
}
