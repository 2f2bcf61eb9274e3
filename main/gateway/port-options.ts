import type { Context } from 'zeromq';
import { isIpv6 } from '../protocol/endpoint.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';

/**
 * What the sockets of all three ports share. With `sendTimeout` 0 a send ends inside the call. Who says nothing in its
 * handshake has 3 s, a peer that is gone is noticed by heartbeats.
 */
export function portOptions(context: Context, endpoint: string, guarded: GuardedSocketOptions | null) {
  return {
    context,
    linger: 0,
    sendTimeout: 0,
    handshakeInterval: 3_000,
    heartbeatInterval: 5_000,
    ipv6: isIpv6(endpoint),
    ...guarded,
  };
}
