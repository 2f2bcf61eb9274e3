import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import type { TopicValue } from '../contract.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

const LOOK_EVERY_MS = 250;

interface Ports {
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'head'>;
  readonly fault: () => string | null;
  readonly integrity: () => TopicValue<'audit'>['integrity'];
}

/** Where the log ends, whether it can be written, and how far its chain is known to hold. */
export function auditSource({ clock, audit, fault, integrity }: Ports): Source<TopicValue<'audit'>> {
  return {
    value: () => {
      const { seq, hash } = audit.head();
      return { head: { seq, hash }, fault: fault(), integrity: integrity() };
    },
    watch: (changed) => lookEvery(clock, LOOK_EVERY_MS, changed),
  };
}

/** Why the log cannot be written. A row behind the fault is what proves that it can be again. */
export class AuditFault {
  readonly #audit: Pick<AuditLog, 'head'>;
  readonly #unsubscribe: () => void;
  #last: { readonly what: string; readonly seq: number } | null = null;

  constructor(audit: Pick<AuditLog, 'head' | 'onFault'>) {
    this.#audit = audit;
    this.#unsubscribe = audit.onFault((what) => {
      this.#last = { what, seq: audit.head().seq };
    });
  }

  /** The fault as it is now, or null. */
  get now(): string | null {
    if (this.#last !== null && this.#audit.head().seq > this.#last.seq) this.#last = null;
    return this.#last?.what ?? null;
  }

  stop(): void {
    this.#unsubscribe();
  }
}
