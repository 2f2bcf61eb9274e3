import type { AuditEntry, AuditLog, RowType } from './audit/audit-log.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { canonicalJson } from './protocol/json.ts';
import type { Safety } from './safety/safety-port.ts';

/** Writes when a session began and that it ended in order; a start that misses the second row comes up halted. */
export class SessionRecord {
  readonly #ports: { readonly clock: Clock; readonly audit: AuditLog; readonly safety: Safety };

  constructor(ports: { readonly clock: Clock; readonly audit: AuditLog; readonly safety: Safety }) {
    this.#ports = ports;
  }

  /** The session has begun, with these settings. */
  async started(settings: Settings): Promise<void> {
    await this.#append('SESSION_STARTED', { payload: canonicalJson({ settings: { ...settings } }) });
  }

  /** The session has ended; nothing is written after this. */
  async stopped(reason: string): Promise<void> {
    await this.#append('SESSION_STOPPED', { reason });
  }

  async #append(type: RowType, fields: Partial<AuditEntry>): Promise<void> {
    const { clock, audit, safety } = this.#ports;
    const { mode, epoch } = safety.state();
    const at = { tsUtcUs: Math.round(clock.nowMs() * 1000), tsMonoUs: Math.round(clock.monoMs() * 1000) };
    await audit.append([{ type, ...at, actorKind: 'gateway', actor: 'gateway', mode, epoch, ...fields }]);
  }
}
