import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RowFilter } from '../../../renderer/views/audit/filter/tokens.ts';
import { AuditList } from '../../../renderer/views/audit/list/audit-list.ts';
import { FakeApi } from '../fake-api.ts';
import { FakeLog } from './fake-log.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function settle(ms = 0): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}

async function openList(log: FakeLog, filter: RowFilter = {}): Promise<AuditList> {
  const list = new AuditList(new FakeApi({ auditPage: log.page }), filter);
  list.headIs(log.headSeq);
  list.resume();
  await settle();
  return list;
}

function grow(list: AuditList, log: FakeLog, rows: number): Promise<unknown> {
  log.headSeq += rows;
  list.headIs(log.headSeq);
  return settle(300);
}

function seqs(list: AuditList, first: number, count: number): readonly (number | undefined)[] {
  return Array.from({ length: count }, (_, at) => list.row(first + at)?.seq);
}

describe('the list', () => {
  it('begins with a screenful of the newest rows, then fetches ahead in pages of 100', async () => {
    const log = new FakeLog(1_000_000);
    const list = await openList(log);
    expect(seqs(list, 0, 3)).toEqual([1_000_000, 999_999, 999_998]);
    expect(log.pages).toEqual([
      { filter: {}, limit: 40 },
      { filter: {}, limit: 100, before_seq: 999_961 },
      { filter: {}, limit: 100, before_seq: 999_861 },
    ]);
    expect(list.view()).toMatchObject({ total: 240, hasMore: true, isLoading: false, fault: null });
  });

  it('fetches older rows as the screen nears them, and ends with the oldest', async () => {
    const log = new FakeLog(450);
    const list = await openList(log);
    list.look(150, 190, false);
    await settle();
    list.look(350, 390, false);
    await settle();
    expect(list.view()).toMatchObject({ total: 450, hasMore: false });
    expect(seqs(list, 448, 2)).toEqual([2, 1]);
  });

  it('goes on by itself while pages are short and the screen is not full', async () => {
    const log = new FakeLog(100_000, { 12: { symbol: 'USDJPY' }, 90_001: { symbol: 'USDJPY' } });
    const searched: (number | null)[] = [];
    const list = new AuditList(new FakeApi({ auditPage: log.page }), { symbol: 'USDJPY' });
    list.follow(() => searched.push(list.view().searchedTo));
    list.headIs(log.headSeq);
    list.resume();
    await settle();
    expect(seqs(list, 0, 2)).toEqual([90_001, 12]);
    expect(list.view()).toMatchObject({ total: 2, hasMore: false, searchedTo: null });
    expect(searched).toContain(97_001);
    expect(searched).toContain(10_001);
  });

  it('keeps at most 20,000 rows, and fetches older pages anew when they are looked at again', async () => {
    const log = new FakeLog(60_000);
    const list = await openList(log);
    for (let at = 0; at < 50_000; at += 180) {
      list.look(at, at + 40, false);
      await settle();
    }
    expect(list.row(0)).toBeNull();
    const held = Array.from({ length: list.view().total }, (_, at) => list.row(at)).filter((row) => row !== null);
    expect(held.length).toBeLessThanOrEqual(20_000);
    list.look(100, 140, false);
    await settle();
    expect(seqs(list, 0, 2)).toEqual([60_000, 59_999]);
    expect(log.pages.at(-1)).toEqual({ filter: {}, limit: 200, before_seq: 59_861 });
  });

  it('says why it has stopped, and goes on when it is told to or when a new row comes later', async () => {
    let isBroken = true;
    const log = new FakeLog(10);
    const auditPage = vi.fn((input: Parameters<typeof log.page>[0]) => {
      if (isBroken) throw new Error('the disk does not answer');
      return log.page(input);
    });
    const list = new AuditList(new FakeApi({ auditPage }), {});
    list.resume();
    await settle();
    expect(list.view()).toMatchObject({ fault: 'the disk does not answer', total: 0 });
    list.headIs(10);
    await settle(1_000);
    expect(auditPage).toHaveBeenCalledTimes(1);
    list.resume();
    await settle();
    expect(auditPage).toHaveBeenCalledTimes(2);
    isBroken = false;
    await settle(6_000);
    list.headIs(10);
    await settle();
    expect(list.view()).toMatchObject({ fault: null, total: 10 });
  });

  it('tells of each gap once', async () => {
    const log = new FakeLog(500);
    log.gaps = ['rows 1 to 9 cannot all be read'];
    const list = await openList(log);
    list.look(150, 190, false);
    await settle();
    expect(list.view().gaps).toEqual(['rows 1 to 9 cannot all be read']);
  });
});

describe('new rows', () => {
  it('come in by themselves at the top', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    await grow(list, log, 3);
    expect(seqs(list, 0, 4)).toEqual([1_003, 1_002, 1_001, 1_000]);
    expect(list.view()).toMatchObject({ total: 243, newer: { count: 0 } });
  });

  it('wait, counted, while something else is looked at: no row moves', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    list.look(60, 100, false);
    const before = seqs(list, 60, 40);
    await grow(list, log, 30);
    await grow(list, log, 7);
    expect(list.view().newer).toEqual({ count: 37, isMore: false });
    expect(seqs(list, 60, 40)).toEqual(before);
    list.toTop();
    await settle();
    expect(seqs(list, 0, 38)).toEqual(Array.from({ length: 38 }, (_, at) => 1_037 - at));
  });

  it('are counted by the filter', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log, { type: 'REFUSED' });
    list.look(60, 100, false);
    await grow(list, log, 40);
    expect(list.view().newer.count).toBe(10);
  });

  it('that are more than 200 are not held: the list begins anew at the top', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    list.look(60, 100, false);
    await grow(list, log, 5_000);
    expect(list.view().newer).toEqual({ count: 0, isMore: true });
    const asked = log.pages.length;
    await grow(list, log, 5_000);
    expect(log.pages).toHaveLength(asked);
    list.toTop();
    await settle();
    expect(seqs(list, 0, 2)).toEqual([11_000, 10_999]);
    expect(list.view()).toMatchObject({ total: 240, newer: { count: 0, isMore: false } });
  });

  it('are asked for at most four times a second', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    const before = log.pages.length;
    for (let at = 0; at < 100; at += 1) {
      log.headSeq += 1;
      list.headIs(log.headSeq);
      await settle(20);
    }
    await settle(300);
    expect(log.pages.length - before).toBeLessThanOrEqual(9);
    expect(list.row(0)?.seq).toBe(1_100);
  });

  it('do not let the list grow for as long as it is open', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    for (let at = 0; at < 200; at += 1) await grow(list, log, 100);
    expect(list.view().total).toBeLessThanOrEqual(4_200);
    expect(seqs(list, 0, 1)).toEqual([21_000]);
    const { total } = list.view();
    expect(list.row(total - 1)?.seq).toBe(21_000 - total + 1);
    list.look(total - 40, total, false);
    await settle();
    expect(seqs(list, total - 1, 2)).toEqual([21_000 - total + 1, 21_000 - total]);
  });

  it('of a log that has begun anew take the place of the old ones', async () => {
    const log = new FakeLog(1_000);
    const list = await openList(log);
    log.headSeq = 5;
    list.headIs(5);
    await settle(300);
    expect(list.view().total).toBe(5);
    expect(list.row(0)?.seq).toBe(5);
  });
});

it('asks for nothing once it is stopped, and takes it up again', async () => {
  const log = new FakeLog(1_000);
  const list = await openList(log);
  list.stop();
  const before = log.pages.length;
  await grow(list, log, 5);
  expect(log.pages).toHaveLength(before);
  list.resume();
  await settle(300);
  expect(list.row(0)?.seq).toBe(1_005);
});
