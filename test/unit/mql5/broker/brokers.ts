import { onTestFinished } from 'vitest';
import type { SimBrokerOptions } from '../../../mql5/broker/broker-options.ts';
import type { RawTradeRequest, TradeResult } from '../../../mql5/broker/broker-types.ts';
import { SimBroker } from '../../../mql5/broker/sim-broker.ts';

/** A broker for one test, with every symbol in Market Watch. */
export async function aBroker(options: Partial<SimBrokerOptions> = {}): Promise<SimBroker> {
  const broker = await SimBroker.start(options);
  onTestFinished(() => broker.stop());
  for (const name of ['GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD', 'US500']) broker.setSymbol(name, { selected: true });
  return broker;
}

/** OrderSend's result. Throws when the broker never answers. */
export async function sent(broker: SimBroker, request: RawTradeRequest): Promise<TradeResult> {
  const answer = await broker.send(request);
  if (answer === null) throw new Error('the broker gave no answer');
  return answer.result;
}

/** The code that OrderSend's result carries. */
export async function retcodeOf(broker: SimBroker, request: RawTradeRequest): Promise<number> {
  return (await sent(broker, request)).retcode;
}
