import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ZmqClient } from '../../main/brain/index.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { EncryptedGateway, pause, type PairedBrain } from './encrypted-gateway.ts';

interface Answer {
  readonly req_id: string;
  readonly action: string;
  readonly status: string;
  readonly code: string | null;
  readonly ticket: number | null;
  readonly tries: number;
  /** Unix seconds. */
  readonly at: number;
}

/** What a trader says at its end. */
interface Ending {
  readonly ended: true;
  readonly unanswered: readonly { readonly req_id: string; readonly action: string }[];
  readonly ticks: number;
  readonly last_tick_at: number | null;
  readonly last_answer_at: number | null;
}

const children: ChildProcess[] = [];
let gateway: EncryptedGateway | null = null;
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await gateway?.discard();
  gateway = null;
});

/** A Python brain that opens and closes as fast as it is answered. */
class Trader {
  readonly answers: Answer[] = [];
  ending: Ending | null = null;
  readonly #child: ChildProcess;

  constructor({ file }: PairedBrain) {
    const script = join(import.meta.dirname, '../python/encrypted_trader.py');
    this.#child = spawn('/usr/bin/python3', [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(this.#child);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as Answer | Ending;
      if ('ended' in said) this.ending = said;
      else this.answers.push(said);
    });
  }

  /** Lets it finish what it is doing; resolves with what it says at its end. */
  async end(): Promise<Ending> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'close');
    }
    return this.ending!;
  }

  /** Resolves when it has had so many answers. */
  async answered(count: number): Promise<void> {
    const endMs = performance.now() + 30_000;
    while (this.answers.length < count) {
      if (performance.now() > endMs) throw new Error(`${this.answers.length} answers of ${count} within 30 s`);
      await pause(20);
    }
  }
}

describe.runIf(hasSystemPackage('python3-zmq'))('revoking a brain while several trade', () => {
  it('stops it within 1 s, and the others lose no request and trade nothing twice', async () => {
    gateway = await EncryptedGateway.start('--paper-ticks-per-second', '200');
    const others = [
      await gateway.pair('one', 'trade'),
      await gateway.pair('two', 'trade'),
      await gateway.pair('three', 'trade'),
    ];
    const doomed = await gateway.pair('doomed', 'trade');
    const reader = await gateway.pair('reader', 'read');
    const traders = others.map((brain) => new Trader(brain));
    const victim = new Trader(doomed);
    await Promise.all([...traders, victim].map((trader) => trader.answered(40)));

    await gateway.revoke('doomed');
    const revokedAt = Date.now() / 1_000;
    const soFar = traders.map(({ answers }) => answers.length);
    await pause(1_500);
    await Promise.all(traders.map((trader, at) => trader.answered(soFar[at]! + 40)));
    const endings = await Promise.all(traders.map((trader) => trader.end()));
    const stopped = await victim.end();

    expect(stopped.last_answer_at!).toBeLessThan(revokedAt + 1);
    expect(stopped.last_tick_at!).toBeLessThan(revokedAt + 1);
    expect(stopped.ticks).toBeGreaterThan(0);
    for (const { unanswered, last_tick_at: lastTickAt } of endings) {
      expect(unanswered).toEqual([]);
      expect(lastTickAt!).toBeGreaterThan(revokedAt + 1);
    }
    const answers = traders.flatMap((trader) => trader.answers);
    expect(answers.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
    expectExecutedOnce(
      gateway,
      answers.map(({ req_id: reqId }) => reqId),
    );

    // The account agrees: what is open is what an answer has opened and none has closed, but for the victim's last order.
    const client = new ZmqClient({ connection: reader.connection });
    const positions = await client.sendCommand('GET_POSITIONS');
    client.close();
    const tickets = positions.status === 'SUCCESS' ? positions.data.map(({ ticket }) => Number(ticket)) : [];
    const told = [...answers, ...victim.answers];
    const closed = told.filter(({ action }) => action === 'CLOSE_POSITION').map(({ ticket }) => ticket);
    const opened = told.filter(({ action, ticket }) => action === 'OPEN_ORDER' && !closed.includes(ticket));
    const known = opened.map(({ ticket }) => ticket);
    const surprising = tickets.filter((ticket) => !known.includes(ticket));
    expect(surprising.length).toBeLessThanOrEqual(
      stopped.unanswered.filter(({ action }) => action === 'OPEN_ORDER').length,
    );
    const retried = answers.filter(({ tries }) => tries > 1).length;
    console.log(
      `${answers.length} answers of the others, ${retried} at a later try; the victim had ${victim.answers.length}`,
    );
  }, 180_000);
});

/** Each was told to the terminal once. */
function expectExecutedOnce(encrypted: EncryptedGateway, reqIds: readonly string[]): void {
  const query = "SELECT req_id, count(*) AS times FROM entries WHERE type = 'DISPATCH' GROUP BY req_id";
  const rows = encrypted.rows(query) as readonly { readonly req_id: string; readonly times: number }[];
  const times = new Map(rows.map((row) => [row.req_id, row.times]));
  expect(reqIds.filter((reqId) => times.get(reqId) !== 1)).toEqual([]);
  expect(new Set(reqIds).size).toBe(reqIds.length);
}
