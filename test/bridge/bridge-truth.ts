import type { Mt5OrderType } from '../../main/mt5/market.ts';
import type { BrokerOrder } from '../mql5/broker/broker-types.ts';
import type { SimBroker } from '../mql5/broker/sim-broker.ts';
import type { TrueDeal, TrueOrder, TruePosition, Truth } from './adapter.ts';

/** The account of the simulated broker, whose server's clock is so far ahead of UTC. */
export function brokerTruth(broker: SimBroker, serverOffsetS: number): Truth {
  const toOrder = (order: BrokerOrder) => trueOrder(order, serverOffsetS);
  return {
    positions: () =>
      Promise.resolve(
        broker.positions.map(({ priceOpen, ...rest }): TruePosition => ({ ...rest, openPrice: priceOpen })),
      ),
    orders: () => Promise.resolve(broker.orders.map(toOrder)),
    endedOrders: () => Promise.resolve(broker.historyOrders.map(toOrder)),
    deals: () =>
      Promise.resolve(broker.deals.map(({ positionId, ...rest }): TrueDeal => ({ ...rest, position: positionId }))),
    requests: () => broker.requests.length,
  };
}

function trueOrder({ priceOpen, expirationS, type, ...rest }: BrokerOrder, serverOffsetS: number): TrueOrder {
  const expirationMs = expirationS === 0 ? 0 : (expirationS - serverOffsetS) * 1_000;
  return { ...rest, type: gatewayType(type), openPrice: priceOpen, expirationMs };
}

/** The gateway sends no other types. */
function gatewayType(type: BrokerOrder['type']): Mt5OrderType {
  if (type === 'CLOSE_BY' || type === 'BUY_STOP_LIMIT' || type === 'SELL_STOP_LIMIT') {
    throw new Error(`the gateway sends no order of type ${type}`);
  }
  return type;
}
