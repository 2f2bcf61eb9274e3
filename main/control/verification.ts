import type { AuditQueries } from '../audit/open-audit-reader.ts';
import { resultData } from '../audit/verify-command.ts';
import type { VerifyResult } from '../audit/verify.ts';
import type { Clock } from '../clock.ts';
import type { ControlOutput } from './contract.ts';
import type { RecordOperator } from './operator-row.ts';

type Integrity = ControlOutput<'auditVerify'>;

interface Ports {
  readonly clock: Clock;
  readonly reader: Pick<AuditQueries, 'verify'>;
  readonly record: RecordOperator;
}

/** How far the log's chain is known to hold, and the verification that finds out. One runs at a time. */
export class Verification {
  readonly #ports: Ports;
  #integrity: Integrity = { kind: 'unverified' };
  #running: Promise<Integrity> | null = null;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** As it is now, in this run of the gateway. */
  get integrity(): Integrity {
    return this.#integrity;
  }

  /** Checks the whole chain and has that recorded; while one runs, its result. Never rejects. */
  verify(by: string): Promise<Integrity> {
    this.#running ??= this.#run(by).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(by: string): Promise<Integrity> {
    const { clock, reader, record } = this.#ports;
    this.#integrity = { kind: 'verifying', seq: 0, rows: 0 };
    try {
      const result = await reader.verify(({ seq }, rows) => {
        this.#integrity = { kind: 'verifying', seq, rows };
      });
      this.#integrity = integrityOf(result, clock.nowMs());
      await record('VERIFIED', resultData(result), by);
    } catch (error) {
      this.#integrity = { kind: 'failed', at_ms: clock.nowMs(), what: (error as Error).message };
    }
    return this.#integrity;
  }
}

function integrityOf(result: VerifyResult, atMs: number): Integrity {
  if (result.ok) return { kind: 'verified', seq: result.head.seq, at_ms: atMs };
  return { kind: result.kind, seq: result.seq, at_ms: atMs, what: result.what };
}
