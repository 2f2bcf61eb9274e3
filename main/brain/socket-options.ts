import type { Pairing } from './pairing.ts';

/**
 * What all sockets of the brain share.
 * A lost connection is tried again every 40 to 80 ms (ZeroMQ adds up to once the interval): a growing interval would
 * leave a brain without its gateway for seconds after it is back. A dead peer is noticed within 4 s by ZMTP heartbeats,
 * a connect to a machine that is away is given up after 1 s, one to a program that does not speak ZMTP after 3 s.
 * The keys of a pairing encrypt everything, and let only the gateway with that server key answer.
 * What is still unsent at close is dropped, so that the process can always end.
 */
export function connectionOptions(endpoint: string, pairing: Pairing | null) {
  return {
    linger: 0,
    reconnectInterval: 40,
    connectTimeout: 1_000,
    handshakeInterval: 3_000,
    heartbeatInterval: 1_000,
    heartbeatTimeout: 3_000,
    heartbeatTimeToLive: 4_000,
    maxMessageSize: MAX_MESSAGE_BYTES,
    ipv6: endpoint.startsWith('tcp://['),
    ...pairing?.curve,
  };
}

/** Longest message taken from a gateway, in bytes: a list of thousands of positions fits, a runaway peer does not. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
