import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { ConnectionFile, Role } from '../../main/protocol/connection-file.ts';
import { runProgram, RunningGateway, type Ports } from '../running-gateway.ts';

/** A row of the audit log that tells of a refusal. */
export interface RefusalRow {
  readonly seq: number;
  readonly type: string;
  readonly actor: string;
  readonly action: string | null;
  readonly code: string;
  readonly reason: string;
}

/** What a paired brain has. */
export interface PairedBrain {
  readonly file: string;
  readonly connection: ConnectionFile;
}

/** The built gateway in encrypted mode on loopback, and what is asked of it beside its ports. */
export class EncryptedGateway {
  readonly #gateway: RunningGateway;
  readonly #folder: string;

  private constructor(gateway: RunningGateway, folder: string) {
    this.#gateway = gateway;
    this.#folder = folder;
  }

  static async start(...flags: readonly string[]): Promise<EncryptedGateway> {
    const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-encrypted-'));
    return new EncryptedGateway(await EncryptedGateway.#open(folder, flags), folder);
  }

  /** The same gateway again after `stop`, at the same ports. */
  async again(): Promise<EncryptedGateway> {
    return new EncryptedGateway(await EncryptedGateway.#open(this.#folder, [], this.#gateway.ports), this.#folder);
  }

  static #open(folder: string, flags: readonly string[], ports?: Ports): Promise<RunningGateway> {
    const where = ports === undefined ? {} : { ports };
    return RunningGateway.start({
      dataDir: join(folder, 'data'),
      flags: ['--security', 'encrypted', ...flags],
      ...where,
    });
  }

  get keyFile(): string {
    return join(this.#gateway.dataDir, 'keys.json');
  }

  get ports(): Ports {
    return this.#gateway.ports;
  }

  /** Pairs a brain with the local command. */
  async pair(name: string, role: Role): Promise<PairedBrain> {
    const file = join(this.#folder, `${name}.json`);
    await this.#run('--pair', name, '--role', role, '--host', '127.0.0.1', '--out', file);
    return { file, connection: JSON.parse(readFileSync(file, 'utf8')) as ConnectionFile };
  }

  async revoke(name: string): Promise<void> {
    await this.#run('--revoke', name, '--reason', 'the key is lost');
  }

  /** Rows of refusals after `seq`, once there is one; those that come within a moment after the first too. */
  async refusalsAfter(seq: number): Promise<readonly RefusalRow[]> {
    const endMs = performance.now() + 5_000;
    while (this.#refusals(seq).length === 0 && performance.now() < endMs) await pause(20);
    await pause(250);
    return this.#refusals(seq);
  }

  /** Number of the newest row. */
  newestRow(): number {
    const [newest] = this.rows('SELECT max(seq) AS seq FROM entries') as readonly { readonly seq: number }[];
    return newest?.seq ?? 0;
  }

  /** Reads the log's file; its rows are in the table that the query calls `entries`. */
  rows(query: string, ...values: readonly unknown[]): readonly unknown[] {
    const file = new Database(join(this.#gateway.dataDir, 'audit.sqlite'), { readonly: true });
    try {
      const found = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%prev_hash%'";
      const { name } = file.prepare(found).get() as { name: string };
      return file.prepare(query.replace('entries', `"${name}"`)).all(...values);
    } finally {
      file.close();
    }
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
  }

  /** Ends it, and removes its data. */
  async discard(): Promise<void> {
    await this.#gateway.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #refusals(seq: number): readonly RefusalRow[] {
    const types = "'CLIENT_REFUSED', 'CONNECTION_REFUSED', 'REFUSED'";
    return this.rows(
      `SELECT seq, type, actor, action, code, reason FROM entries WHERE seq > ? AND type IN (${types}) ORDER BY seq`,
      seq,
    ) as readonly RefusalRow[];
  }

  async #run(...words: readonly string[]): Promise<void> {
    const ran = await runProgram(...words, '--data-dir', this.#gateway.dataDir);
    if (ran.code !== 0) throw new Error(`${words.join(' ')} ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
  }
}

/** Runs a Python program of this project's tests or examples to its end, and gives its output; rejects where it fails. */
export async function python(script: string, ...words: readonly string[]): Promise<string> {
  const file = join(import.meta.dirname, '../..', script);
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [file, ...words], { timeout: 30_000 });
  return stdout;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
