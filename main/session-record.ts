import * as z from 'zod';
import type { AuditEntry, AuditLog, RowType } from './audit/audit-log.ts';
import type { Clock } from './clock.ts';
import { SETTING_KEYS, type Settings } from './config/settings.ts';
import { canonicalJson } from './protocol/json.ts';
import type { JsonObject, JsonValue } from './protocol/json-value.ts';
import { keptLeaseSchema, type KeptLease } from './safety/leases.ts';
import type { Safety } from './safety/safety-port.ts';

const startedSchema = z.object({ settings: z.record(z.string(), z.unknown()) });
const stoppedSchema = z.object({ leases: z.array(keptLeaseSchema) });

/**
 * Writes when a session began and that it ended in order; a start that misses the second row comes up halted. What the
 * next session needs of this one stands in these rows: its settings, and the leases that it takes over.
 */
export class SessionRecord {
  readonly #ports: { readonly clock: Clock; readonly audit: AuditLog; readonly safety: Safety };

  constructor(ports: { readonly clock: Clock; readonly audit: AuditLog; readonly safety: Safety }) {
    this.#ports = ports;
  }

  /** The session has begun, with these settings; what differs from those of the session before has a row of its own. */
  async started(settings: Settings): Promise<void> {
    const changes = changedSettings(this.#lastSettings(), settings);
    await this.#append([
      this.#row('SESSION_STARTED', { payload: canonicalJson({ settings: { ...settings } }) }),
      ...(changes === null ? [] : [this.#row('SETTINGS_CHANGED', { payload: canonicalJson(changes) })]),
    ]);
  }

  /** Leases that ran when the session before ended in order; none after a crash, which halts. */
  keptLeases(): readonly KeptLease[] {
    const { cleanStop, lastSession } = this.#ports.audit.opened;
    return cleanStop ? (parsed(stoppedSchema, lastSession?.stopped)?.leases ?? []) : [];
  }

  /** The session has ended; nothing is written after this. */
  async stopped(reason: string, leases: readonly KeptLease[] = []): Promise<void> {
    await this.#append([this.#row('SESSION_STOPPED', { reason, payload: canonicalJson({ leases: [...leases] }) })]);
  }

  #lastSettings(): Readonly<Record<string, unknown>> | null {
    return parsed(startedSchema, this.#ports.audit.opened.lastSession?.started)?.settings ?? null;
  }

  #row(type: RowType, fields: Partial<AuditEntry>): AuditEntry {
    const { clock, safety } = this.#ports;
    const { mode, epoch } = safety.state();
    const at = { tsUtcUs: Math.round(clock.nowMs() * 1000), tsMonoUs: Math.round(clock.monoMs() * 1000) };
    return { type, ...at, actorKind: 'gateway', actor: 'gateway', mode, epoch, ...fields };
  }

  async #append(rows: readonly AuditEntry[]): Promise<void> {
    await this.#ports.audit.append(rows);
  }
}

/** What differs, as `{ key: { old, new } }`; null where nothing does or the settings before are not known. */
function changedSettings(before: Readonly<Record<string, unknown>> | null, now: Settings): JsonObject | null {
  if (before === null) return null;
  const keys = SETTING_KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  if (keys.length === 0) return null;
  return Object.fromEntries(keys.map((key) => [key, { old: (before[key] ?? null) as JsonValue, new: now[key] }]));
}

/** A payload of the session before; null where it cannot be read: it is no reason not to start. */
function parsed<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  if (text === null || text === undefined) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
