import * as z from 'zod';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import { ANONYMOUS_CLIENT } from '../protocol/constants.ts';
import type { FabricEvent } from '../protocol/events.ts';
import { canonicalJson } from '../protocol/json.ts';
import { LEASE_ACTIONS, type LeaseAction } from '../protocol/payloads.ts';
import type { LeaseDesk, Safety } from './safety-port.ts';
import type { Trigger } from './trading-state.ts';

/** So many leases run at once unless the constructor is told otherwise. */
const DEFAULT_LIMIT = 64;
/** Timers stand still while the machine sleeps: no lease is looked at less often than this, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** The clock that counts sleep goes on in steps of 10 ms, on Windows of up to 16: by so much it may run ahead. */
const BOOT_STEP_MS = 16;

const ASKS_FOR: Readonly<Record<LeaseAction, Pick<Trigger, 'mode' | 'flatten'>>> = {
  suspend: { mode: 'SUSPENDED', flatten: 'none' },
  reduce_only: { mode: 'REDUCE_ONLY', flatten: 'none' },
  halt: { mode: 'HALTED', flatten: 'none' },
  halt_flatten: { mode: 'HALTED', flatten: 'account' },
};

const NEEDS_A_NAME = refusal(
  'INVALID_REQUEST',
  `client_id is required for a lease, and is another than "${ANONYMOUS_CLIENT}", which all clients without one share`,
);

export interface LeasesPorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'raise' | 'clear'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Publishes on the event channel. */
  readonly announce: (event: FabricEvent) => void;
}

/** A lease that runs, as a status shows it. */
export interface LeaseView {
  readonly client: string;
  readonly leaseS: number;
  readonly onExpiry: LeaseAction;
  /** Milliseconds until it fires; 0 where that is overdue. */
  readonly remainingMs: number;
}

/** A lease as it outlives a restart; `isSilent`: its client had fallen silent and trading was suspended for it. */
export const keptLeaseSchema = z.object({
  client: z.string(),
  lease_s: z.number(),
  on_expiry: z.enum(LEASE_ACTIONS),
  is_silent: z.boolean(),
});
export type KeptLease = Readonly<z.infer<typeof keptLeaseSchema>>;

interface Lease {
  readonly client: string;
  readonly leaseS: number;
  readonly onExpiry: LeaseAction;
  readonly renewedAt: Moment;
}

/** Read once for all leases: the clock that counts sleep is a file on some systems. */
interface Moment {
  readonly monoMs: number;
  readonly bootMs: number;
}

/**
 * The dead-man switch: a client that has asked for a lease and does not renew it in time has the gateway do what it
 * asked for. Time asleep counts. A lease that has run out fires however late it is looked at, also by its own renewal.
 *
 * Leases live in memory. After a crash that is safe, since the gateway comes back HALTED. A clean restart carries them
 * over, with `kept` and `takeOver`: a client that dies around it must be noticed.
 */
export class Leases implements LeaseDesk {
  readonly #ports: LeasesPorts;
  readonly #limit: number;
  readonly #running = new Map<string, Lease>();
  /** Clients whose silence has suspended trading and still does. */
  readonly #silent = new Map<string, Lease>();
  #cancelLook = () => {};
  #isStopped = false;

  constructor(ports: LeasesPorts, limit = DEFAULT_LIMIT) {
    this.#ports = ports;
    this.#limit = limit;
  }

  /**
   * Refuses INVALID_REQUEST to a client without a name and BUSY beyond the limit of leases, those of clients included for
   * which trading is suspended. A renewal after the lease has fired begins a new one and ends what the silence had
   * suspended; what it had latched stays.
   */
  renew(client: string, leaseS: number, onExpiry: LeaseAction): Refusal | null {
    if (client === ANONYMOUS_CLIENT) return NEEDS_A_NAME;
    const now = this.#now();
    this.#fireDue(now);
    const before = this.#running.get(client);
    const held = this.#running.size + this.#silent.size;
    if (before === undefined && !this.#silent.has(client) && held >= this.#limit) {
      return refusal('BUSY', `${held} clients hold a lease already; this one was not granted`);
    }
    const lease = { client, leaseS, onExpiry, renewedAt: now };
    this.#running.set(client, lease);
    if (this.#silent.delete(client)) this.#ports.safety.clear('LEASE', client);
    if (before?.leaseS !== leaseS || before.onExpiry !== onExpiry) this.#tell('LEASE_GRANTED', 'GRANTED', lease);
    this.#lookLater(now);
    return null;
  }

  /** One that has run out before the BYE came fires instead. */
  end(client: string): boolean {
    const now = this.#now();
    this.#fireDue(now);
    const lease = this.#running.get(client);
    if (lease === undefined) return false;
    this.#running.delete(client);
    this.#tell('LEASE_ENDED', 'ENDED', lease, `${client} has said goodbye`);
    this.#lookLater(now);
    return true;
  }

  /** An operator lets a client go: its lease ends without firing, and so does what its silence has suspended. */
  dismiss(client: string, by: string, reason: string): boolean {
    const lease = this.#running.get(client) ?? this.#silent.get(client);
    if (lease === undefined) return false;
    this.#running.delete(client);
    if (this.#silent.delete(client)) this.#ports.safety.clear('LEASE', client);
    this.#tell('LEASE_ENDED', 'ENDED', lease, `ended by ${by}: ${reason}`);
    return true;
  }

  /** What the next session has to take over when this one ends in order. */
  kept(): readonly KeptLease[] {
    const keep = (leases: Iterable<Lease>, isSilent: boolean) =>
      [...leases].map(({ client, leaseS, onExpiry }) => ({
        ...{ client, lease_s: leaseS, on_expiry: onExpiry, is_silent: isSilent },
      }));
    return [...keep(this.#running.values(), false), ...keep(this.#silent.values(), true)];
  }

  /** Takes over what the session before has kept: each lease runs anew from now, and who was silent still is. */
  takeOver(kept: readonly KeptLease[]): void {
    const renewedAt = this.#now();
    for (const { client, lease_s: leaseS, on_expiry: onExpiry, is_silent: isSilent } of kept) {
      const lease = { client, leaseS, onExpiry, renewedAt };
      if (isSilent) this.#fire([lease], () => `${client} had fallen silent before the gateway was restarted`);
      else this.#running.set(client, lease);
    }
    this.#lookLater(renewedAt);
  }

  /** Fires every lease now: `reason` says why their time can no longer be told. */
  expireAll(reason: string): void {
    const now = this.#now();
    this.#fire([...this.#running.values()], (lease) => {
      return `the lease of ${lease.leaseS} s of ${lease.client} was ended after ${silence(lease, now)}: ${reason}`;
    });
  }

  /** The leases that run, the longest held first. */
  views(): readonly LeaseView[] {
    const now = this.#now();
    return [...this.#running.values()].map((lease) => {
      const { client, leaseS, onExpiry } = lease;
      return { client, leaseS, onExpiry, remainingMs: Math.max(0, remainingMs(lease, now)) };
    });
  }

  /** No lease fires any more. May be called twice. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelLook();
  }

  #fireDue(now: Moment): void {
    const due = [...this.#running.values()].filter((lease) => remainingMs(lease, now) <= 0);
    this.#fire(due, (lease) => {
      return `${lease.client} has not renewed its lease of ${lease.leaseS} s: ${silence(lease, now)}`;
    });
  }

  /** Restricts first, for all of them, and records second. */
  #fire(leases: readonly Lease[], reasonOf: (lease: Lease) => string): void {
    if (this.#isStopped) return;
    const fired = leases.map((lease) => ({ lease, reason: reasonOf(lease) }));
    for (const { lease, reason } of fired) {
      this.#running.delete(lease.client);
      if (lease.onExpiry === 'suspend') this.#silent.set(lease.client, lease);
      this.#ports.safety.raise({ kind: 'LEASE', actor: lease.client, reason, ...ASKS_FOR[lease.onExpiry] });
    }
    for (const { lease, reason } of fired) this.#tell('LEASE_ENDED', 'EXPIRED', lease, reason);
  }

  #lookLater(now: Moment): void {
    this.#cancelLook();
    if (this.#isStopped || this.#running.size === 0) return;
    const nextMs = Math.min(LOOK_EVERY_MS, ...[...this.#running.values()].map((lease) => remainingMs(lease, now)));
    this.#cancelLook = this.#ports.clock.after(nextMs, () => {
      const then = this.#now();
      this.#fireDue(then);
      this.#lookLater(then);
    });
  }

  #now(): Moment {
    const { clock } = this.#ports;
    return { monoMs: clock.monoMs(), bootMs: clock.bootMs() };
  }

  #tell(type: 'LEASE_GRANTED' | 'LEASE_ENDED', change: LeaseChange, lease: Lease, reason?: string): void {
    const { clock, audit, announce } = this.#ports;
    const terms = { lease_s: lease.leaseS, on_expiry: lease.onExpiry };
    const why = reason === undefined ? {} : { reason };
    const row: AuditEntry = {
      type,
      tsUtcUs: Math.round(clock.nowMs() * 1_000),
      tsMonoUs: Math.round(clock.monoMs() * 1_000),
      actorKind: 'client',
      actor: lease.client,
      payload: canonicalJson({ change, ...terms }),
      ...why,
    };
    // A log that cannot write halts by itself.
    void audit.append([row]);
    const data = { client_id: lease.client, change, ...terms, ...why };
    announce({ event: 'LEASE', timestamp: clock.nowMs() / 1_000, data });
  }
}

type LeaseChange = 'GRANTED' | 'EXPIRED' | 'ENDED';

function remainingMs(lease: Lease, now: Moment): number {
  return Math.round(lease.leaseS * 1_000) - silentMs(lease, now);
}

function silentMs({ renewedAt }: Lease, now: Moment): number {
  return Math.max(now.monoMs - renewedAt.monoMs, now.bootMs - renewedAt.bootMs - BOOT_STEP_MS);
}

function silence(lease: Lease, now: Moment): string {
  return `${(silentMs(lease, now) / 1_000).toFixed(1)} s of silence`;
}
