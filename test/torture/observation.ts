import { setTimeout as pause } from 'node:timers/promises';
import type { AttackedGateway } from './attacked-gateway.ts';
import type { AuditFigures } from './audit-count.ts';
import type { HonestKill, HonestWindow } from './honest-protocol.ts';

/** A gateway as it was at a moment. */
export interface Observation {
  readonly memoryMib: number;
  readonly log: ReadonlyMap<string, number>;
  readonly audit: AuditFigures;
  /** Tickets of positions and orders, sorted. */
  readonly holdings: string;
}

/** What was seen before, during and after something was thrown at a gateway. */
export interface Watched {
  readonly before: Observation;
  readonly after: Observation;
  readonly honest: HonestWindow;
  /** Null where nobody killed. */
  readonly killed: Killed | null;
}

/** A kill in the middle of it. */
export interface Killed {
  readonly kill: HonestKill;
  /** Null, or why it could not trade again after the kill. */
  readonly resumeFault: string | null;
}

const MEMORY_LIMIT_MS = 15_000;
const LOOK_EVERY_MS = 100;
/** How much more memory may be in use afterwards: a tenth, and a constant for the allocator. */
const MEMORY_SHARE = 1.1;
const MEMORY_CONSTANT_MIB = 10;

/** How much memory a gateway may hold afterwards that held `beforeMib` before. */
export function memoryLimitMib(beforeMib: number, keptMib = 0): number {
  return beforeMib * MEMORY_SHARE + MEMORY_CONSTANT_MIB + keptMib;
}

/** Looks at a gateway. */
export async function observe(gateway: AttackedGateway): Promise<Observation> {
  const { tickets } = await gateway.honest.holdings();
  return {
    memoryMib: gateway.memoryMib(),
    log: gateway.log.counts(),
    audit: gateway.audit.figures(),
    holdings: [...tickets].sort().join(' '),
  };
}

/** As `observe`, once the memory has come back under a limit, or has not for 15 s. */
export async function observeSettled(gateway: AttackedGateway, limitMib: number): Promise<Observation> {
  const untilMs = performance.now() + MEMORY_LIMIT_MS;
  while (gateway.memoryMib() > limitMib && performance.now() < untilMs) await pause(LOOK_EVERY_MS);
  return observe(gateway);
}
