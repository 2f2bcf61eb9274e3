import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import type { FabricEvent } from '../../protocol/events.ts';
import { canonicalJson } from '../../protocol/json.ts';
import { safetyRow } from '../halt-rows.ts';
import type { Safety } from '../safety-port.ts';

/** Limits by the name that events and rows give them. */
export const LIMIT_NAMES = [
  'DAILY_LOSS',
  'DRAWDOWN',
  'EQUITY_FLOOR',
  'ORDERS_PER_MINUTE',
  'REJECTS_PER_MINUTE',
  'OPEN_POSITIONS',
  'ORDER_VOLUME',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

export interface LimitWarningPorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'state'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Publishes on the event channel. */
  readonly announce: (event: FabricEvent) => void;
}

/** How near a figure is to its limit. */
export interface Nearness {
  readonly limit: LimitName;
  /** How much of the way to the limit has been gone. */
  readonly percent: number;
  /** The figure and the limit, in the limit's own unit. */
  readonly value: number;
  readonly limitValue: number;
}

const LEVELS_PERCENT = [50, 75, 90] as const;
/** A level warns again only when the figure has been so far below it: one that sways around it warns once. */
const REARM_PERCENT = 10;

/** Warns at 50, 75 and 90 % of a limit, once for each crossing, and once for the highest where several are crossed together. */
export class LimitWarnings {
  readonly #ports: LimitWarningPorts;
  readonly #reached = new Map<LimitName, number>();

  constructor(ports: LimitWarningPorts) {
    this.#ports = ports;
  }

  /** The figure is so near now. At 100 % and beyond the limit itself speaks. */
  follow(nearness: Nearness): void {
    const { limit, percent } = nearness;
    const reached = this.#reached.get(limit) ?? 0;
    const level = LEVELS_PERCENT.findLast((least) => percent >= least) ?? 0;
    if (level > reached && percent < 100) this.#tell(nearness, level);
    if (level > reached || percent <= reached - REARM_PERCENT) this.#reached.set(limit, level);
  }

  /** Warns anew from here on. */
  forget(limit: LimitName): void {
    this.#reached.delete(limit);
  }

  #tell({ limit, value, limitValue }: Nearness, level: number): void {
    const { clock, safety, audit, announce } = this.#ports;
    const data = { limit, level_percent: level, value, limit_value: limitValue };
    const reason = `${limit}: ${level} % of the limit of ${limitValue} reached, with ${value}`;
    void audit.append([safetyRow('LIMIT_WARNING', clock, safety.state(), { reason, payload: canonicalJson(data) })]);
    announce({ event: 'LIMIT', timestamp: clock.nowMs() / 1_000, data });
  }
}
