import { resolveOptions, type ZmqClientOptions } from './options.ts';
import { ZmqClient } from './zmq-client.ts';

let shared: ZmqClient | null = null;

/**
 * The one client that a process shares, made at the first call and again after it was closed. Throws RangeError when
 * it is open and `options` ask for another: two parts of a program would silently trade at one gateway.
 */
export function getZmqClient(options?: ZmqClientOptions): ZmqClient {
  if (shared === null || shared.closed) shared = new ZmqClient(options);
  else if (options !== undefined) refuseOther(shared, options);
  return shared;
}

function refuseOther({ settings }: ZmqClient, options: ZmqClientOptions): void {
  const asked = resolveOptions(options);
  if (JSON.stringify(asked) === JSON.stringify(settings)) return;
  throw new RangeError(`the shared client is open with other options, to ${settings.host}: close it first`);
}
