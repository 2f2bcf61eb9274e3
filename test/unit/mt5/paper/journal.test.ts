import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../main/log.ts';
import { Journal, JOURNAL_FILE } from '../../../../main/mt5/paper/journal.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const HEDGING = { marginMode: 'HEDGING', initialBalance: 10_000, firstTicket: 1001n, reset: false } as const;

/** A rig with a bit of everything in its book. */
async function busyRig(): Promise<PaperRig> {
  const rig = await PaperRig.start();
  const { position } = await rig.send({ volumeLots: 0.29, sl: 1.05, comment: 'tab\t"quote" ü~abcdefghijkl' });
  await rig.close(position, { volumeLots: 0.1 });
  await rig.send({ symbol: 'USDJPY', side: 'SELL' });
  const { order } = await rig.send({ type: 'LIMIT', price: 1.05, expirationMs: rig.clock.nowMs() + 1e9 });
  await rig.send({ type: 'STOP', price: 1.2, magic: 2n ** 64n - 1n });
  await rig.cancel(order);
  return rig;
}

function lines(rig: PaperRig): string[] {
  return rig.journal().split('\n').slice(0, -1);
}

describe('the journal', () => {
  it('gives the same book after the death of the process', async () => {
    const rig = await busyRig();
    const revived = await rig.revive();
    expect(await revived.everything()).toEqual(await rig.everything());
  });

  it('continues the numbers where they were', async () => {
    const rig = await busyRig();
    const { deal } = await rig.send();
    const revived = await rig.revive();
    expect(await revived.send()).toMatchObject({ order: deal + 1n, deal: deal + 2n });
  });

  it('has an entry before the call is answered', async () => {
    const rig = await PaperRig.start();
    const before = lines(rig).length;
    void rig.send({ comment: 'written first' });
    expect(lines(rig)).toHaveLength(before + 1);
    expect(lines(rig).at(-1)).toContain('written first');
  });

  it('keeps tickets past 2^53 exact, in the book and in the file', async () => {
    const rig = await PaperRig.start({ firstTicket: 9_007_199_254_740_993n });
    const sent = await rig.send();
    expect([sent.order, sent.deal]).toEqual([9_007_199_254_740_993n, 9_007_199_254_740_994n]);
    const revived = await rig.revive();
    expect((await revived.positions())[0]).toMatchObject({ ticket: 9_007_199_254_740_993n });
    expect(await revived.close(toTicket(9_007_199_254_740_993n))).toMatchObject({ order: 9_007_199_254_740_995n });
    expect(await revived.positions()).toEqual([]);
  });

  it('keeps every double exact', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    await rig.send({ volumeLots: 0.07 });
    rig.quote('EURUSD', 1.1, 1.10023);
    await rig.send({ volumeLots: 0.13 });
    const [before] = await rig.positions();
    expect(before?.openPrice.toString().length).toBeGreaterThan(12);
    expect((await (await rig.revive({ marginMode: 'NETTING' })).positions())[0]?.openPrice).toBe(before?.openPrice);
  });

  it('begins a new account where it is told to', async () => {
    const rig = await busyRig();
    const revived = await rig.revive({ reset: true, initialBalance: 500 });
    const account = { balance: 500, equity: 500, margin: 0 };
    expect(await revived.everything()).toMatchObject({ account, positions: [], orders: [], history: { deals: [] } });
  });

  it('keeps its balance when the terminal is started with another', async () => {
    const rig = await PaperRig.start({ initialBalance: 777 });
    expect((await (await rig.revive({ initialBalance: 10_000 })).account()).balance).toBe(777);
  });

  it('begins a new account in an empty file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, JOURNAL_FILE), '');
    expect((await (await PaperRig.start({}, folder)).account()).balance).toBe(10_000);
  });
});

describe('a torn last line', () => {
  it('is dropped at every length, with a log line, and the next entry is whole again', async () => {
    const rig = await PaperRig.start();
    await rig.send();
    const wholeBytes = statSync(rig.journalPath()).size;
    await rig.send();
    const torn = readFileSync(rig.journalPath()).subarray(wholeBytes);
    for (const bytes of [1, 2, Math.floor(torn.length / 2), torn.length - 2, torn.length - 1]) {
      truncateSync(rig.journalPath(), wholeBytes);
      appendFileSync(rig.journalPath(), torn.subarray(0, bytes));
      const revived = await rig.revive();
      expect(await revived.positions()).toHaveLength(1);
      expect(revived.warnings).toMatchObject([
        { event: expect.stringContaining('torn') as string, fields: { line: 4 } },
      ]);
      await revived.send();
      expect(await (await rig.revive()).positions()).toHaveLength(2);
    }
  });

  it('is nothing that a whole journal has', async () => {
    const rig = await busyRig();
    expect((await rig.revive()).warnings).toEqual([]);
  });
});

describe('a damaged journal', () => {
  it.each([
    ['is not JSON', (line: string) => line.slice(0, -3)],
    ['is JSON of something else', () => '{"hello":"world"}'],
    ['has a number for a ticket', (line: string) => line.replace(/"ticket":"(\d+)"/, '"ticket":$1')],
    ['lacks a field', (line: string) => line.replace(/"openPrice":[\d.]+,/, '')],
    ['is empty', () => ''],
  ])('is refused with the number of the line that %s', async (_, damage) => {
    const rig = await PaperRig.start();
    await rig.send();
    await rig.send();
    const content = lines(rig);
    writeFileSync(rig.journalPath(), content.map((line, at) => `${at === 2 ? damage(line) : line}\n`).join(''));
    await expect(rig.revive()).rejects.toThrow(/paper\.journal is damaged in line 3: .*--paper-reset/);
  });

  it('is left as it is', async () => {
    const rig = await PaperRig.start();
    await rig.send();
    const damaged = rig.journal().replace('"changes"', '"chonges"');
    writeFileSync(rig.journalPath(), damaged);
    await expect(rig.revive()).rejects.toThrow('damaged');
    expect(rig.journal()).toBe(damaged);
  });

  it('can be replaced by a new account', async () => {
    const rig = await PaperRig.start();
    writeFileSync(rig.journalPath(), 'nonsense\n');
    await expect(rig.revive()).rejects.toThrow('damaged in line 1');
    expect(await (await rig.revive({ reset: true })).positions()).toEqual([]);
  });

  it('is one of a newer version, which is said', async () => {
    const rig = await PaperRig.start();
    writeFileSync(rig.journalPath(), rig.journal().replace('"version":1', '"version":2'));
    await expect(rig.revive()).rejects.toThrow('version 2, this program reads version 1');
  });
});

describe('a journal of another kind of account', () => {
  it('is refused while something is open, with what to do', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send();
    await expect(rig.revive({ marginMode: 'NETTING' })).rejects.toThrow(
      /HEDGING.*--paper-margin hedging.*--paper-reset/,
    );
    await rig.close(position);
    const netting = await rig.revive({ marginMode: 'NETTING' });
    expect((await netting.account()).balance).toBe(9_999);
    await netting.send();
    await expect(rig.revive({ marginMode: 'HEDGING' })).rejects.toThrow('NETTING');
  });

  it('is refused where its symbols have another suffix', async () => {
    const rig = await PaperRig.start();
    await rig.send();
    await expect(rig.revive({ suffix: '.s' })).rejects.toThrow(/EURUSD.*--paper-suffix/);
  });
});

describe('a long journal', () => {
  it('is written anew at start as the shortest that gives the same book', async () => {
    const rig = await busyRig();
    const { order } = await rig.send({ type: 'LIMIT', price: 1.0, magic: 3n });
    const [head, ...entries] = lines(rig);
    const change = entries.at(-1)!;
    writeFileSync(rig.journalPath(), `${[head, ...entries, ...Array<string>(10_001).fill(change)].join('\n')}\n`);
    const revived = await rig.revive();
    expect(lines(revived).length).toBeLessThan(10);
    expect(existsSync(`${rig.journalPath()}.new`)).toBe(false);
    expect(await revived.everything()).toEqual(await rig.everything());
    await revived.cancel(order);
    expect(await (await rig.revive()).everything()).toEqual(await revived.everything());
  });
});

describe('a disk that cannot be written', () => {
  it('is answered by append, and nothing of the entry is there', () => {
    const folder = temporaryFolder();
    const { journal } = Journal.open(folder, HEDGING, silentLog);
    const before = readFileSync(join(folder, JOURNAL_FILE), 'utf8');
    journal.close();
    expect(journal.append({ nextTicket: 2000n, changes: [] })).toMatch('closed');
    expect(readFileSync(join(folder, JOURNAL_FILE), 'utf8')).toBe(before);
  });
});

describe('a process killed by SIGKILL in the middle of trading', () => {
  it('has in its journal every order that it answered, and a book that is read again', async () => {
    const folder = temporaryFolder();
    const answered = await trade(folder, (child, output) => {
      if (output.length > 4_000) child.kill('SIGKILL');
    });
    expect(answered.length).toBeGreaterThan(20);
    expect(await missingOrders(folder, answered)).toEqual([]);
  });
});

describe('a file that may not grow any further', () => {
  it('makes the broker reject, and ends in the last whole entry', async () => {
    const folder = temporaryFolder();
    const answered = await trade(folder, () => {}, ['bash', '-c', 'ulimit -f 64 && exec "$@"', 'bash']);
    expect(answered.pop()).toMatch(/REJECTED .*EFBIG/);
    expect(readFileSync(join(folder, JOURNAL_FILE), 'utf8').endsWith('}\n')).toBe(true);
    expect(answered.length).toBeGreaterThan(20);
    expect(await missingOrders(folder, answered)).toEqual([]);
  });
});

/** Those of the answered orders that a terminal on this folder does not know; it may not find its journal torn. */
async function missingOrders(folder: string, answered: readonly string[]): Promise<string[]> {
  const rig = await PaperRig.start({}, folder);
  const orders = new Set((await rig.history()).orders.map(({ ticket }) => ticket));
  return answered.filter((ticket) => !orders.has(toTicket(ticket)));
}

/** Trades in a process of its own until that ends; returns the lines that it printed. */
async function trade(
  folder: string,
  onOutput: (child: ChildProcess, output: string) => void,
  launcher: readonly string[] = [],
): Promise<string[]> {
  const trader = join(import.meta.dirname, '../../../fakes/paper-trader.ts');
  const [command, ...args] = [...launcher, process.execPath, trader, folder];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    onOutput(child, output);
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}
