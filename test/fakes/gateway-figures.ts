import type { GatewayFigures } from '../../main/control/panel/metrics-figures.ts';
import { LatencyHistogram } from '../../main/gateway/latency-histogram.ts';

/** Figures of a gateway that has just begun and where all is well, but for what a test says. */
export function gatewayFigures(some: Partial<GatewayFigures> = {}): GatewayFigures {
  return {
    ...{ version: '1.2.3', session: 'session-1', uptimeS: 61.5 },
    state: {
      ...{ mode: 'TRADING', flatten: 'none', flattenPhase: 'NONE', epoch: 1, causes: [] },
      ...{ recorded: true, sinceMs: 0 },
    },
    terminal: {
      ...{ linked: true, linkFault: null, connected: true, tradingBlockedBy: [], account: null },
      ...{
        marginMode: 'HEDGING',
        bridgeVersion: '',
        lastHeardMonoMs: null,
        latch: null,
        transport: null,
        listensOn: [],
      },
    },
    ...{ heardAgoS: null, auditRows: 7, auditFault: null },
    stats: {
      commands: { received: 3, dropped: 0, replied: 3, clientsGone: 0, clientsFull: 0, rebuilds: 0 },
      ticks: { published: 0, unwanted: 0, dropped: 0, subscriptions: 0 },
      ...{ eventsPublished: 2, tradesInFlight: 0, tradesWaiting: 0, symbolsNamed: 0 },
    },
    ...{ requests: 3, rejects: new Map(), latencies: new LatencyHistogram(), tickAgoS: null },
    ...{ clients: 1, leases: 0, unknown: 0 },
    ...some,
  };
}
