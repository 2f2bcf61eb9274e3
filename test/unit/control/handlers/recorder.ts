import type { RecordOperator } from '../../../../main/control/operator-row.ts';
import type { JsonObject } from '../../../../main/protocol/json-value.ts';

/** What was recorded, and as whose doing. */
export interface Recorded {
  readonly type: string;
  readonly payload: JsonObject;
  readonly by: string;
  readonly reason?: string;
}

/** Keeps what is to be recorded. */
export function recorder(): { readonly recorded: Recorded[]; readonly record: RecordOperator } {
  const recorded: Recorded[] = [];
  const record: RecordOperator = (type, payload, by, reason) => {
    recorded.push({ type, payload, by, ...(reason === undefined ? {} : { reason }) });
    return Promise.resolve(true);
  };
  return { recorded, record };
}
