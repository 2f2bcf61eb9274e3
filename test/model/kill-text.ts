import type { ModelScope } from './lattice.ts';
import type { KillForm } from './steps.ts';

/** What a KILL_SWITCH is made of. */
export interface Kill {
  readonly form: KillForm;
  readonly client: string;
  readonly reqId: string;
  readonly flatten: string | undefined;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** A KILL_SWITCH as it is sent, in a good form or a bad one: each of them halts. */
export function killText({ form, client, reqId, flatten, timestamp }: Kill): string {
  const head = { action: 'KILL_SWITCH', req_id: reqId, client_id: client };
  const payload = flatten === undefined ? {} : { flatten };
  switch (form) {
    case 'plain':
    case 'same-id':
    case 'order-id':
      return JSON.stringify({ ...head, timestamp, payload });
    case 'no-payload':
      return JSON.stringify({ ...head, timestamp });
    case 'no-timestamp':
      return JSON.stringify({ ...head, payload });
    case 'stale':
      return JSON.stringify({ ...head, timestamp: 1, payload });
    case 'surplus':
      return JSON.stringify({ ...head, timestamp, payload, resume: true, mode: 'TRADING' });
    case 'twice':
      return `\ufeff{"action":"KILL_SWITCH",${JSON.stringify({ ...head, timestamp, payload }).slice(1)}`;
    case 'no-id':
      return JSON.stringify({ ...head, req_id: undefined, timestamp, payload });
  }
}

/** What it asks to be closed: what cannot be read counts as the whole account. */
export function killScope({ form, flatten }: Pick<Kill, 'form' | 'flatten'>): ModelScope {
  if (form === 'no-payload') return 'account';
  return flatten === 'none' || flatten === 'gateway' ? flatten : 'account';
}
