import type {
  AppendResult,
  AuditEntry,
  AuditFailure,
  AuditHead,
  AuditLog,
  ClaimResult,
  CommandKey,
  CommandRecord,
  OpenedLog,
} from '../../main/audit/audit-log.ts';
import { type CommandRow, isOpenState, mayHaveTraded, toCommandRecord } from '../../main/audit/command-record.ts';

/** How the next commits fail. `written`: the rows are there all the same, as after a failed fsync. */
export interface InjectedFailure {
  readonly ambiguous?: boolean;
  readonly written?: boolean;
  readonly message?: string;
}

const FIRST_RUN: OpenedLog = { fresh: true, cleanStop: false, tailIntact: true, epoch: 0, standingHalt: null };

/**
 * An AuditLog in memory with the semantics of the real one: what is called in one turn shares a commit, in order; a key is
 * claimed once. Commits happen in a microtask unless `hold()` was called. `reopened()` is the log after a restart.
 */
export class MemoryAuditLog implements AuditLog {
  readonly opened: OpenedLog;
  /** All rows on "disk", in order. */
  readonly rows: CommandRow[] = [];
  /** Commits so far. */
  commits = 0;
  #waiting: (() => void)[] = [];
  #drainIsDue = false;
  #held = false;
  #stopped = false;
  #failures: InjectedFailure[] = [];
  #outage: InjectedFailure | null = null;
  #faulted = false;
  readonly #faultListeners = new Set<(fault: string) => void>();

  constructor(opened: Partial<OpenedLog> = {}) {
    this.opened = { ...FIRST_RUN, ...opened };
  }

  append(entries: readonly AuditEntry[]): Promise<AppendResult> {
    return this.#inTurn((): AppendResult => {
      const failed = this.#failing(() => this.#write(entries, false));
      return failed ?? { ok: true, head: this.#write(entries, false) };
    });
  }

  claim(key: CommandKey, entries: readonly AuditEntry[]): Promise<ClaimResult> {
    return this.#inTurn((): ClaimResult => {
      const record = this.#find(key);
      const failed = this.#failing(() => record ?? this.#write(entries, true));
      if (failed !== null) return failed;
      if (record !== null) return { ok: true, kind: 'existing', record };
      return { ok: true, kind: 'claimed', head: this.#write(entries, true) };
    });
  }

  findCommand(key: CommandKey): Promise<CommandRecord | null> {
    return this.#inTurn(() => this.#find(key));
  }

  unsettled(): Promise<readonly CommandRecord[]> {
    return this.#inTurn(() =>
      this.rows
        .filter((row) => row.claimed)
        .map((row) => this.#find({ client: row.actor, reqId: row.reqId ?? '' }))
        .filter((record): record is CommandRecord => record !== null && isOpenState(record.state)),
    );
  }

  knows({ tag, tickets }: { readonly tag: string | null; readonly tickets: readonly string[] }): Promise<boolean> {
    return this.#inTurn(() =>
      this.rows.some(
        (row) =>
          (tag !== null && row.tag === tag && row.type === 'INTENT' && this.#mayHaveTraded(row)) ||
          (row.ticket !== undefined && tickets.includes(row.ticket)),
      ),
    );
  }

  head(): AuditHead {
    const seq = this.rows.length;
    return { seq, hash: seq.toString(16).padStart(64, '0') };
  }

  onFault(listener: (fault: string) => void): () => void {
    this.#faultListeners.add(listener);
    return () => this.#faultListeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.release();
    await this.#inTurn(() => undefined);
    this.#stopped = true;
  }

  /** Types of all rows, in order. */
  types(): readonly string[] {
    return this.rows.map((row) => row.type);
  }

  /** From now on nothing is committed or answered, as on a disk that hangs. */
  hold(): void {
    this.#held = true;
  }

  /** Ends `hold()`: what waited is committed. */
  release(): void {
    this.#held = false;
    this.#scheduleDrain();
  }

  /** The next `count` calls of append or claim fail. */
  failNext(failure: InjectedFailure = {}, count = 1): void {
    for (let n = 0; n < count; n += 1) this.#failures.push(failure);
  }

  /** Every append and claim fails until `repair()`. */
  breakDown(failure: InjectedFailure = {}): void {
    this.#outage = failure;
  }

  repair(): void {
    this.#outage = null;
  }

  /** The log as the next run of the gateway finds it: same rows, no calls waiting. `opened` overrides what is derived. */
  reopened(opened: Partial<OpenedLog> = {}): MemoryAuditLog {
    const epoch = Math.max(0, ...this.rows.map((row) => row.epoch ?? 0));
    const cleanStop = this.rows.at(-1)?.type === 'SESSION_STOPPED';
    const standingHalt = this.#standingHalt();
    const next = new MemoryAuditLog({ fresh: this.rows.length === 0, cleanStop, epoch, standingHalt, ...opened });
    next.rows.push(...this.rows);
    return next;
  }

  /** A kill that no RESUME followed. */
  #standingHalt(): OpenedLog['standingHalt'] {
    const last = (...types: string[]) => this.rows.findLastIndex(({ type }) => types.includes(type));
    const latched = last('KILL_LATCHED');
    if (latched < 0 || latched < last('RESUME', 'ARMED')) return null;
    const causes = this.rows[latched]?.payload ?? '';
    const { flatten } = JSON.parse(causes) as { flatten: 'none' | 'gateway' | 'account' };
    return { flatten, causes, flatVerified: last('FLAT_VERIFIED') > latched };
  }

  #inTurn<T>(call: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(call()));
      this.#scheduleDrain();
    });
  }

  #scheduleDrain(): void {
    if (this.#drainIsDue) return;
    this.#drainIsDue = true;
    queueMicrotask(() => {
      this.#drainIsDue = false;
      if (this.#held) return;
      const batch = this.#waiting.splice(0);
      const before = this.rows.length;
      for (const call of batch) call();
      if (this.rows.length > before) this.commits += 1;
    });
  }

  #write(entries: readonly AuditEntry[], isClaim: boolean): AuditHead {
    for (const [at, entry] of entries.entries()) {
      this.rows.push({ ...entry, seq: this.rows.length + 1, claimed: isClaim && at === 0 });
    }
    return this.head();
  }

  #find(key: CommandKey): CommandRecord | null {
    return toCommandRecord(
      key,
      this.rows.filter((row) => row.actor === key.client && row.reqId === key.reqId),
    );
  }

  #mayHaveTraded({ actor, reqId }: CommandRow): boolean {
    const record = this.#find({ client: actor, reqId: reqId ?? '' });
    return record !== null && mayHaveTraded(record.state);
  }

  #failing(write: () => unknown): AuditFailure | null {
    if (this.#stopped) return { ok: false, ambiguous: false, message: 'the audit log is closed' };
    const failure = this.#outage ?? this.#failures.shift();
    if (failure === undefined) {
      this.#faulted = false;
      return null;
    }
    if (failure.written === true) write();
    const message = failure.message ?? 'disk full';
    if (!this.#faulted) for (const listener of this.#faultListeners) listener(message);
    this.#faulted = true;
    return { ok: false, ambiguous: failure.ambiguous ?? failure.written ?? false, message };
  }
}
