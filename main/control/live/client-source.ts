import type { Clock } from '../../clock.ts';
import type { ClientView } from '../../gateway/client-registry.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { SELF_TEST_CLIENT } from '../../protocol/constants.ts';
import type { Safeguards } from '../../safeguards.ts';
import type { TopicValue } from '../contract.ts';
import { clientView, leaseView, openSearchView } from '../views.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

const LOOK_EVERY_MS = 500;

interface Ports {
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, 'clients' | 'openSearches'>;
  readonly safeguards: { readonly leases: Pick<Safeguards['leases'], 'views'> };
}

/** Who talks to the gateway, their leases, and their commands of unknown outcome. */
export function clientSource({ clock, gateway, safeguards }: Ports): Source<TopicValue<'clients'>> {
  return {
    value: () => ({
      clients: gateway.clients().filter(isBrain).map(clientView),
      leases: safeguards.leases.views().map(leaseView),
      unknown: gateway.openSearches().map(openSearchView),
    }),
    watch: (changed) => lookEvery(clock, LOOK_EVERY_MS, changed),
    leastApartMs: LOOK_EVERY_MS,
  };
}

/** The gateway's own question at its start is none of a brain. */
function isBrain({ name }: ClientView): boolean {
  return name !== SELF_TEST_CLIENT;
}
