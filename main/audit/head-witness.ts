import type { Clock } from '../clock.ts';
import type { FabricEvent } from '../protocol/events.ts';
import type { AuditHead, AuditLog } from './audit-log.ts';

interface Ports {
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'head'>;
  readonly announce: (event: FabricEvent) => void;
}

const LOOK_EVERY_MS = 1_000;
const ROWS = 100;
const AT_LEAST_EVERY_MS = 60_000;

/**
 * Tells the log's last row on the event channel: after 100 rows, after 60 s, and when asked to. The chain cannot notice
 * that its end was cut off or that all of it was written anew; whoever keeps a head elsewhere can.
 */
export class HeadWitness {
  readonly #ports: Ports;
  #told: AuditHead | null = null;
  #toldAtMs = 0;
  #cancel = () => {};

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Begins to look once a second. */
  start(): void {
    this.#cancel();
    this.#cancel = this.#ports.clock.after(LOOK_EVERY_MS, () => {
      const { seq } = this.#ports.audit.head();
      const ageMs = this.#ports.clock.monoMs() - this.#toldAtMs;
      if (this.#told === null || seq - this.#told.seq >= ROWS || ageMs >= AT_LEAST_EVERY_MS) this.tell();
      this.start();
    });
  }

  /** Tells the head now, unless it has been told already. */
  tell(): void {
    const { clock, audit, announce } = this.#ports;
    const head = audit.head();
    this.#toldAtMs = clock.monoMs();
    if (head.seq === this.#told?.seq) return;
    this.#told = head;
    announce({ event: 'AUDIT_HEAD', timestamp: clock.nowMs() / 1000, data: { seq: head.seq, hash: head.hash } });
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#cancel();
  }
}
