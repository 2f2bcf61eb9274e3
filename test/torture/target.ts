import type { Role } from '../../main/protocol/connection-file.ts';
import type { Ports } from '../running-gateway.ts';
import { Asker, requestText } from './asker.ts';
import type { Mode } from './case.ts';
import type { Credentials } from './credentials.ts';

/** What an operator does to the gateway while something is thrown at it. */
export interface TargetOperator {
  /** Pairs a brain; the credentials are shown this once. */
  pair(name: string, role: Role): Promise<Credentials>;
  revoke(name: string): Promise<void>;
}

/** The gateway as those see it who throw something at it. */
export interface Target {
  readonly mode: Mode;
  readonly ports: Ports;
  readonly endpoints: Readonly<Record<keyof Ports, string>>;
  readonly pid: number;
  /** Of a brain with the right to trade; null where no credentials are needed. */
  readonly credentials: Credentials | null;
  readonly operator: TargetOperator;
  /** A client under `credentials` that is there for all cases. */
  readonly asker: Asker;
}

/** Connects a client of its own, with the right to trade. */
export function newAsker({ endpoints, credentials }: Target, routingId?: string): Asker {
  return new Asker(endpoints.command, credentials, routingId);
}

/** A request's text as the target's client writes it. */
export function textFor({ credentials }: Target, action: string, payload: object = {}, more: object = {}): string {
  return requestText(credentials, action, payload, more);
}
