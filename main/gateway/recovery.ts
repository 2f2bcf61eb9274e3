import type { AuditLog, CommandRecord } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { refused } from './ending.ts';
import { recordedSearch } from './recorded-search.ts';
import type { Verdict } from './decision.ts';
import type { Reconciler } from './reconcile.ts';
import type { TradeJournal } from './trade-journal.ts';

/** What became of the commands that an earlier session left open. */
export interface Recovery {
  /** Recorded but certainly never sent: closed, and never sent late. */
  readonly expired: number;
  readonly executed: number;
  readonly notExecuted: number;
  /** Outcome still not known; the search goes on. */
  readonly unknown: number;
}

interface Ports {
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  readonly journal: TradeJournal;
  readonly reconciler: Reconciler;
  /** A command of an earlier session was settled. */
  readonly onSettled: (record: CommandRecord, verdict: Verdict) => void;
}

/** A start waits no longer than this for the terminal's evidence; the kill switch is not reachable before. */
const LOOKING_MS = 5_000;

/**
 * Settles what an earlier session left open, before trading is allowed. A command that was recorded but not dispatched
 * was certainly not sent. One that was dispatched is looked for in the terminal, where that is there; returns once all are
 * settled or have been looked for a while, and goes on looking for the rest.
 */
export async function recover(ports: Ports): Promise<Recovery> {
  const open = await ports.audit.unsettled();
  const unsent = open.filter((record) => record.state === 'ACCEPTED');
  const sent = open.filter((record) => record.state !== 'ACCEPTED');
  await Promise.all(unsent.map((record) => expire(record, ports)));
  const verdicts = await lookForAll(sent, ports);
  const executed = verdicts.filter((verdict) => verdict?.ending.answer.status === 'SUCCESS').length;
  const unknown = verdicts.filter((verdict) => verdict === null).length;
  return { expired: unsent.length, executed, notExecuted: sent.length - executed - unknown, unknown };
}

async function expire(record: CommandRecord, ports: Ports): Promise<void> {
  const reason = 'the gateway stopped before it was sent to the terminal: it was certainly not sent';
  await settle(record, { ending: refused('EXPIRED', 'STALE', reason), reason }, ports);
}

async function settle(record: CommandRecord, verdict: Verdict, ports: Ports): Promise<void> {
  await ports.journal.recovered(record.key, record.action, verdict.ending, verdict.reason);
  ports.onSettled(record, verdict);
}

async function lookForAll(records: readonly CommandRecord[], ports: Ports): Promise<(Verdict | null)[]> {
  if (records.length === 0) return [];
  const tooLong = Promise.withResolvers<null>();
  const lookingMs = ports.terminal.state().linked ? LOOKING_MS : 0;
  const cancel = ports.clock.after(lookingMs, () => tooLong.resolve(null));
  const verdicts = records.map((record) => Promise.race([lookForOne(record, ports), tooLong.promise]));
  const all = await Promise.all(verdicts);
  cancel();
  return all;
}

function lookForOne(record: CommandRecord, ports: Ports): Promise<Verdict> {
  return new Promise((resolve) => {
    ports.reconciler.add(recordedSearch(record), (verdict) => {
      void settle(record, verdict, ports).then(() => resolve(verdict));
    });
  });
}
