import type { TopicValue } from '../../../main/control/contract.ts';
import { isEveryAddress } from '../../networks/networks.ts';

type Endpoints = { readonly [C in 'command' | 'data' | 'events']: Pick<TopicValue<'channels'>[C], 'endpoint'> };

interface BrainCommands {
  readonly tryIt: string;
  readonly runIt: string;
}

/**
 * What to type where the brain runs; null while an endpoint is none of TCP. `reachedAt` stands for the machine where the
 * gateway listens on all of its addresses.
 */
export function brainCommands({ command, data, events }: Endpoints, reachedAt: string | null): BrainCommands | null {
  const [at, ticks, told] = [command, data, events].map(({ endpoint }) => placeOf(endpoint));
  if (at == null || ticks == null || told == null) return null;
  const host = isEveryAddress(at.host) && reachedAt !== null ? reachedAt : at.host;
  const gateway = `--host ${host} --command-port ${at.port}`;
  const streams = `--data-port ${ticks.port} --event-port ${told.port}`;
  return {
    tryIt: `npm run brain -- heartbeat ${gateway}`,
    runIt: `npm run brain -- run docs/examples/strategy.ts ${gateway} ${streams} --lease 10 --on-expiry halt`,
  };
}

function placeOf(endpoint: string): { host: string; port: string } | null {
  const [, host, port] = /^tcp:\/\/(.+):(\d+)$/.exec(endpoint) ?? [];
  return host === undefined || port === undefined ? null : { host, port };
}
