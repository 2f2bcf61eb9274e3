import type { TopicValue } from '../../../main/control/contract.ts';

type Endpoints = { readonly [C in 'command' | 'data' | 'events']: Pick<TopicValue<'channels'>[C], 'endpoint'> };

/** What to type where the brain runs; null while an endpoint is none of TCP. */
export function brainCommands({ command, data, events }: Endpoints): { tryIt: string; runIt: string } | null {
  const [at, ticks, told] = [command, data, events].map(({ endpoint }) => placeOf(endpoint));
  if (at == null || ticks == null || told == null) return null;
  const gateway = `--host ${at.host} --command-port ${at.port}`;
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
