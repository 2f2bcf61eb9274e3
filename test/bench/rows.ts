import type { Row } from './row.ts';
import { auditMillion } from './rows/audit-million.ts';
import { bridgeCommands } from './rows/bridge.ts';
import { encrypted } from './rows/encrypted.ts';
import { bridgeMemory, bridgeTicks } from './rows/bridge-ticks.ts';
import { kill } from './rows/kill.ts';
import { memory } from './rows/memory.ts';
import { orders } from './rows/orders.ts';
import { originalRows } from './rows/original.ts';
import { reconnection } from './rows/reconnection.ts';
import { requests, requestsSameClient } from './rows/requests.ts';
import { roundTrip, roundTripSameClient } from './rows/round-trip.ts';
import { screenDay } from './rows/screen-day.ts';
import { screenLog } from './rows/screen-log.ts';
import { tickRows } from './rows/ticks.ts';

/** Every row, in the order in which they are measured and shown. */
export const ROWS: readonly Row[] = [
  roundTrip,
  roundTripSameClient,
  requests,
  requestsSameClient,
  ...tickRows,
  orders,
  encrypted,
  bridgeCommands,
  bridgeTicks,
  kill,
  memory,
  reconnection,
  bridgeMemory,
  auditMillion,
  screenLog,
  screenDay,
  ...originalRows,
];
