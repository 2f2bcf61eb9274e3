import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFile } from '../../main/audit/schema.ts';
import { controlEndpoints } from '../../main/config/data-dir.ts';
import { callGateway } from '../../main/control/client.ts';
import type { ControlCall, ControlInput, ControlOutput } from '../../main/control/contract.ts';
import type { Role } from '../../main/protocol/connection-file.ts';
import { residentMb } from '../bench/resident-memory.ts';
import { Operator } from '../faults/operator.ts';
import { RunningGateway } from '../running-gateway.ts';
import { Asker } from './asker.ts';
import { AuditCount } from './audit-count.ts';
import type { Mode } from './case.ts';
import type { Credentials } from './credentials.ts';
import { Honest } from './honest.ts';
import { LogCount } from './log-count.ts';
import type { Target } from './target.ts';

const FLAGS: Readonly<Record<Mode, readonly string[]>> = {
  local: [],
  'plain-network': ['--security', 'plain-network', '--allow-from', '127.0.0.1/32', '--accept-unencrypted', 'true'],
  encrypted: ['--security', 'encrypted'],
};
// Ticks enough that a subscriber who does not read piles them up.
const TICKS = ['--paper-ticks-per-second', '100'];
const ANSWER_TIMEOUT_MS = 5_000;

/** The built gateway in one mode, an honest client beside it, and everything that is watched of both. */
export class AttackedGateway {
  readonly target: Target;
  readonly honest: Honest;
  readonly log: LogCount;
  readonly audit: AuditCount;
  readonly #gateway: RunningGateway;

  private constructor(gateway: RunningGateway, target: Target, honest: Honest, log: LogCount) {
    this.#gateway = gateway;
    this.target = target;
    this.honest = honest;
    this.log = log;
    this.audit = new AuditCount(auditFile(gateway.dataDir));
  }

  /** Starts all of it. `flags` come on top of those of the mode. */
  static async start(mode: Mode, flags: readonly string[] = []): Promise<AttackedGateway> {
    const dataDir = mkdtempSync(join(tmpdir(), 'mt5-fabric-torture-'));
    const log = new LogCount();
    const gateway = await RunningGateway.start({
      dataDir,
      flags: [...FLAGS[mode], ...TICKS, ...flags],
      onLog: (chunk) => log.take(chunk),
    });
    const operator = new PairingOperator(dataDir);
    const pair = (name: string) => (mode === 'encrypted' ? operator.pair(name, 'trade') : Promise.resolve(null));
    const [credentials, honest] = [await pair('attacker'), await pair('honest')];
    const { ports, endpoints, pid } = gateway;
    const asker = new Asker(endpoints.command, credentials);
    const target = { mode, ports, endpoints, pid, credentials, operator, asker };
    return new AttackedGateway(gateway, target, new Honest({ endpoint: endpoints.command, credentials: honest }), log);
  }

  /** How the process has ended, with its last words; null as long as it runs. */
  get ending(): string | null {
    const { ending, lastLines } = this.#gateway;
    return ending === null ? null : `the gateway has ended (${ending}): ${lastLines}`;
  }

  /** Address of the panel, good for one sign-in. */
  get panel(): string {
    return this.#gateway.panel;
  }

  get dataDir(): string {
    return this.#gateway.dataDir;
  }

  /** Resident memory in MiB. Throws, with how it ended, when it runs no more. */
  memoryMib(): number {
    if (this.ending !== null) throw new Error(this.ending);
    return residentMb(this.#gateway.pid);
  }

  /** Lets it trade again after a kill. Null, or why not. */
  resume(): Promise<string | null> {
    return new Operator(this.#gateway.dataDir).resume();
  }

  /** As `resume`, once: a gateway without a terminal stays halted. */
  async resumeWherePossible(): Promise<void> {
    await new Operator(this.#gateway.dataDir).resumeOnce();
  }

  async stop(): Promise<void> {
    this.target.asker[Symbol.dispose]();
    this.honest.stop();
    await this.#gateway.stop();
    rmSync(this.#gateway.dataDir, { recursive: true, force: true });
  }
}

/** The person at the gateway's machine, who says which brain may connect. */
class PairingOperator {
  readonly #endpoints: readonly string[];

  constructor(dataDir: string) {
    this.#endpoints = controlEndpoints(dataDir, process.env);
  }

  async pair(name: string, role: Role): Promise<Credentials> {
    const output = await this.#call('pair', { name, role });
    if (!output.paired) throw new Error(output.message);
    return output.connection;
  }

  async revoke(name: string): Promise<void> {
    const output = await this.#call('revoke', { name, reason: 'bad input' });
    if (!output.revoked) throw new Error(output.message);
  }

  async #call<C extends ControlCall>(call: C, input: ControlInput<C>): Promise<ControlOutput<C>> {
    const result = await callGateway(this.#endpoints, call, input, ANSWER_TIMEOUT_MS);
    if (result.kind !== 'answered')
      throw new Error(`${call}: ${result.kind === 'refused' ? result.message : result.kind}`);
    return result.output;
  }
}
