import type { AuditLog, RowType } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import { safetyRow } from '../safety/halt-rows.ts';
import type { Safety } from '../safety/safety-port.ts';

/** Writes a row of something that the operator did; false where it could not be recorded. Never rejects. */
export type RecordOperator = (type: RowType, payload: JsonObject, by: string, reason?: string) => Promise<boolean>;

interface Ports {
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly safety: Pick<Safety, 'state'>;
}

/** Makes what records the operator's doings. */
export function operatorRecord({ clock, audit, safety }: Ports): RecordOperator {
  return async (type, payload, by, reason) => {
    const told = { actorKind: 'operator', actor: by, payload: canonicalJson(payload) } as const;
    const why = reason === undefined ? {} : { reason };
    const { ok } = await audit.append([safetyRow(type, clock, safety.state(), { ...told, ...why })]);
    return ok;
  };
}
