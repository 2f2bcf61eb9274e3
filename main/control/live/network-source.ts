import type { Clock } from '../../clock.ts';
import type { TopicValue } from '../contract.ts';
import { networkView, type NetworkPorts } from '../network/network-view.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

const LOOK_EVERY_MS = 500;

/** How the gateway stands in the network, who is paired, and who has knocked. */
export function networkSource({
  clock,
  ...ports
}: NetworkPorts & { readonly clock: Clock }): Source<TopicValue<'network'>> {
  return {
    value: () => networkView(ports),
    watch: (changed) => lookEvery(clock, LOOK_EVERY_MS, changed),
    leastApartMs: LOOK_EVERY_MS,
  };
}
