import { successTo, type FakeGateway, type Script } from './fake-gateway.ts';

/** What a fake gateway says of itself; a test may change it on the way. */
export interface GatewayStory {
  mode: string;
  session: string;
}

/** A script for a fake gateway that grants leases, says its mode and session, and knows every symbol. */
export function leasing(story: GatewayStory): Script {
  return (request) => {
    const { action, payload } = request;
    if (action === 'BYE') return { body: successTo(request, { lease_ended: true }) };
    if (action !== 'HEARTBEAT') return { body: successTo(request, []) };
    const time = Date.now() / 1000;
    const lease = payload['lease_s'] === undefined ? {} : { lease_s: payload['lease_s'] };
    const state = { mode: story.mode, session: story.session, epoch: 1, time };
    return { body: successTo(request, { status: 'alive', service: 'MT5 Gateway', ...state, ...lease }) };
  };
}

/** How often the lease was asked for. */
export function renewals({ received }: FakeGateway): number {
  return received.filter(({ action, payload }) => action === 'HEARTBEAT' && payload['lease_s'] !== undefined).length;
}

/** How many requests of an action have come. */
export function countOf({ received }: FakeGateway, name: string): number {
  return received.filter(({ action }) => action === name).length;
}
