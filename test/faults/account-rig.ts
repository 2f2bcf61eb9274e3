import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFile } from '../../main/audit/schema.ts';
import { JOURNAL_FILE } from '../../main/mt5/paper/journal.ts';
import { RunningGateway, runProgram } from '../running-gateway.ts';
import type { AccountEvidence } from './account-evidence.ts';
import { AccountTargets } from './account-targets.ts';
import { check } from './check.ts';
import { JournalEvidence } from './journal-evidence.ts';
import { LogEvidence } from './log-evidence.ts';
import { CLIENT_NAMES } from './mixed-load.ts';
import { Operator } from './operator.ts';
import { isAcknowledged, type SentCommand } from './sent-command.ts';
import { Violations, type ViolationKind } from './violation.ts';
import { WireClient } from './wire-client.ts';

/** A data folder that lives through many runs of a gateway, with all that was sent to it and what is found in it. */
export class AccountRig {
  readonly dataDir: string;
  readonly operator: Operator;
  readonly sent: SentCommand[] = [];
  readonly killsAtMs: number[] = [];
  readonly log = new LogEvidence();
  readonly journal = new JournalEvidence();
  readonly targets = new AccountTargets();
  readonly violations = new Violations();
  /** Requests that repeated earlier bytes. */
  resent = 0;
  readonly #isOwnFolder: boolean;
  readonly #flags: readonly string[];
  #checkedTo = 0;

  /** `dataDir`: a folder of the caller's; by default a new one. `flags` are those of every start. */
  constructor(dataDir?: string, flags: readonly string[] = []) {
    this.#flags = flags;
    this.#isOwnFolder = dataDir === undefined;
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'mt5-fabric-faults-'));
    this.operator = new Operator(this.dataDir);
  }

  /** Starts the gateway on free ports. Notes a violation when one with a past does not come up halted. */
  async start(flags: readonly string[] = [], under: readonly string[] = []): Promise<RunningGateway> {
    const gateway = await RunningGateway.start({ dataDir: this.dataDir, flags: [...this.#flags, ...flags], under });
    const hasPast = this.log.rows > 0;
    this.log.readFile(auditFile(this.dataDir));
    if (hasPast && gateway.mode !== 'HALTED') {
      this.note('contradicted', `it came up ${gateway.mode} after a crash at row ${this.log.rows}, not HALTED`);
    }
    return gateway;
  }

  /** One connection for each of the clients. */
  connect(gateway: RunningGateway): Promise<readonly WireClient[]> {
    return Promise.all(CLIENT_NAMES.map(() => WireClient.open(gateway.ports.command)));
  }

  /** Resumes; notes a violation when that is refused for good. */
  async resume(): Promise<void> {
    const refused = await this.operator.resume();
    if (refused !== null) this.note('contradicted', `it cannot be resumed: ${refused}`);
  }

  /** Reads log and journal. Only while a gateway runs and has settled what was open. */
  readEvidence(): void {
    this.log.readFile(auditFile(this.dataDir));
    this.journal.readFile(join(this.dataDir, JOURNAL_FILE));
  }

  /** Checks the commands that were sent since the check before the last one. */
  checkRecent(newSince: number): void {
    this.violations.add(...check(this, this.sent.slice(this.#checkedTo)));
    this.#checkedTo = newSince;
  }

  /** Checks every command again. */
  checkAll(): void {
    this.violations.add(...check(this));
  }

  /** Verifies the log as a person would, with the program's own command. */
  async verifyLog(): Promise<void> {
    const { code, stdout, stderr } = await runProgram('--audit', 'verify', '--json', '--data-dir', this.dataDir);
    if (code !== 0) this.note('contradicted', `--audit verify ended with ${code}: ${stdout}${stderr}`);
  }

  note(kind: ViolationKind, what: string): void {
    this.violations.add({ kind, what });
  }

  /** Does a step of a run. What throws, like a gateway that does not start any more, is a violation, and the answer false. */
  async noteIfItThrows(step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.note('contradicted', error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  get account(): AccountEvidence {
    return this.journal;
  }

  get acknowledged(): number {
    return this.sent.filter(isAcknowledged).length;
  }

  /** Removes its own folder, unless something was found that it may explain. Returns a line about it where it stays. */
  remove(): string | null {
    if (!this.#isOwnFolder) return null;
    if (this.violations.all.length > 0) return `the data folder is kept in ${this.dataDir}`;
    rmSync(this.dataDir, { recursive: true, force: true });
    return null;
  }
}
