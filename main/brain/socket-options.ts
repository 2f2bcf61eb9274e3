import { isIpv6 } from '../protocol/endpoint.ts';
import type { Pairing } from './pairing.ts';

/** How long a connect may take, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 1_000;
/** Between two attempts, in milliseconds; ZeroMQ adds up to once as much. */
export const RECONNECT_INTERVAL_MS = 40;

/**
 * What all sockets of the brain share.
 * A lost connection is tried again every 40 to 80 ms (ZeroMQ adds up to once the interval): a growing interval would
 * leave a brain without its gateway for seconds after it is back. A dead peer is noticed within 2 s by ZMTP heartbeats: a
 * connection over a cut link would come back only with TCP's next repetition, which is up to as late as the cut was long.
 * A connect to a machine that is away is given up after 1 s, one to a program that does not speak ZMTP after 3 s.
 * The keys of a pairing encrypt everything, and let only the gateway with that server key answer.
 * What is still unsent at close is dropped, so that the process can always end.
 */
export function connectionOptions(endpoint: string, pairing: Pairing | null) {
  return {
    linger: 0,
    reconnectInterval: RECONNECT_INTERVAL_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    handshakeInterval: 3_000,
    heartbeatInterval: 500,
    heartbeatTimeout: 1_500,
    heartbeatTimeToLive: 4_000,
    maxMessageSize: MAX_MESSAGE_BYTES,
    ipv6: isIpv6(endpoint),
    ...pairing?.curve,
  };
}

/** Longest message taken from a gateway, in bytes: a list of thousands of positions fits, a runaway peer does not. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
