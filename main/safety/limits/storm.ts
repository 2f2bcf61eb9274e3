import type { Clock } from '../../clock.ts';
import type { Safety } from '../safety-port.ts';
import type { LimitName, LimitWarnings } from './limit-warnings.ts';
import { SlidingWindow } from './sliding-window.ts';

const MINUTE_MS = 60_000;

export interface StormPorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'state' | 'raise'>;
  readonly warnings: LimitWarnings;
}

/** What is counted, and how many of it a minute may have. */
export interface StormLimit {
  readonly limit: LimitName;
  /** For messages, like "orders". */
  readonly what: string;
  readonly most: number;
}

/**
 * More of something in a minute than a strategy in its right mind does: halts, once a storm. A resume ends the storm, and
 * counting begins anew.
 */
export class Storm {
  readonly #ports: StormPorts;
  readonly #limit: StormLimit;
  readonly #window = new SlidingWindow(MINUTE_MS);
  #hasHalted = false;

  constructor(ports: StormPorts, limit: StormLimit) {
    this.#ports = ports;
    this.#limit = limit;
  }

  /** One more of `client`. Where that is too many, says so in a clause that names both figures; else null. */
  count(client: string): string | null {
    this.#endAfterResume();
    const { limit, what, most } = this.#limit;
    const value = this.#window.add(this.#ports.clock.monoMs());
    this.#ports.warnings.follow({ limit, value, limitValue: most, percent: (value / most) * 100 });
    if (value <= most) return null;
    const tooMany = `${value} ${what} within a minute, the limit is ${most}`;
    if (!this.#hasHalted) this.#halt(`${tooMany}; the last was of client ${client}`);
    return tooMany;
  }

  #halt(reason: string): void {
    this.#hasHalted = true;
    this.#ports.safety.raise({ kind: 'LIMIT', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason });
  }

  /** Only a resume leads from HALTED to TRADING. */
  #endAfterResume(): void {
    if (!this.#hasHalted || this.#ports.safety.state().mode !== 'TRADING') return;
    this.#hasHalted = false;
    this.#window.clear();
  }
}
