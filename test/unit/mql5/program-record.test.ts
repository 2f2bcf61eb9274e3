import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { BUILD_TIMEOUT_MS, buy, LOGIN, ProgramRig } from './program-rig.ts';

let rig: ProgramRig;

beforeAll(() => buildProgram({ variant: 'plain' }), BUILD_TIMEOUT_MS);

beforeEach(async () => {
  rig = await ProgramRig.open();
});

afterEach(() => rig.close());

test('a command that it has is answered from the record, over a lost link, a latch and a restart', async () => {
  const program = await rig.linked();
  const first = (await rig.gateway.ask(buy('once'))).end;
  expect((await rig.gateway.ask(buy('once'))).end).toEqual(first);
  rig.gateway.send('halt | 5');
  await rig.gateway.line(([kind]) => kind === 'ack');
  const hello = rig.gateway.lines[0];
  rig.gateway.drop();
  await rig.gateway.line(([kind]) => kind === 'state');
  expect((await rig.gateway.ask(buy('once'))).end).toEqual(first);
  expect(await program.stop()).toBe(0);
  rig.gateway.drop();
  await rig.linked();
  expect(rig.gateway.lines[0]).toEqual(hello);
  expect(rig.gateway.lines[1]?.slice(-2)).toEqual(['5', '1']);
  expect((await rig.gateway.ask(buy('once'))).end).toEqual(first);
  expect((await rig.gateway.ask(buy('twice', 5))).end[0]).toBe('fenced');
  expect(rig.broker.requests).toHaveLength(1);
});

test('a command whose end was never written is unknown after a crash, and a torn line is dropped', async () => {
  const program = await rig.linked();
  rig.broker.next({ kind: 'silent', executed: true });
  rig.gateway.send(`1 | ${buy('lost')}`);
  await expect.poll(() => rig.broker.requests.length).toBe(1);
  await program.kill();
  const text = readFileSync(rig.recordPath, 'utf8');
  expect(text).toMatch(/^MT5FabricRecord\t1\t[0-9a-f]{16}\nBEGUN\tlost\ttest~abcdefghijkl\n$/);
  writeFileSync(rig.recordPath, `${text}BEGUN\ttor`);
  rig.gateway.drop();
  await rig.linked();
  expect((await rig.gateway.ask(buy('lost'))).end[0]).toBe('unknown');
  expect((await rig.gateway.ask('find | abcdefghijkl')).rows.filter(([kind]) => kind === 'record')).toEqual([
    ['record', 'lost', 'BEGUN', '0', '0', '0', '0', '0.00000000', '0', ''],
  ]);
  expect(readFileSync(rig.recordPath, 'utf8')).toBe(text);
  expect(rig.broker.requests).toHaveLength(1);
});

test('a record that is none is kept aside, and the new one has another instance', async () => {
  writeFileSync(rig.recordPath, 'nonsense\n');
  await rig.linked();
  expect(readFileSync(`${rig.recordPath}.damaged`, 'utf8')).toBe('nonsense\n');
  expect(rig.gateway.lines[0]?.[4]).toMatch(/^[0-9a-f]{16}$/);
});

test('without a record there is no link', async () => {
  symlinkSync('/dev/full', `${rig.recordPath}.new`);
  const program = rig.start();
  expect(await program.waitForLine('cannot be opened')).toContain(`commands-${LOGIN}.txt`);
  expect(rig.gateway.connections).toBe(0);
});

test('another account has its own hello, latch and record', async () => {
  await rig.linked();
  rig.gateway.send('halt | 4');
  await rig.gateway.line(([kind]) => kind === 'ack');
  const [hello] = rig.gateway.lines;
  rig.gateway.lines.length = 0;
  rig.broker.setAccount({ login: 77n });
  const other = await rig.gateway.line(([kind]) => kind === 'hello');
  expect(other[5]).toBe('77');
  expect(other[4]).not.toBe(hello?.[4]);
  expect((await rig.gateway.line(([kind]) => kind === 'state')).slice(-2)).toEqual(['0', '0']);
});

test('the record keeps the last 10,000 commands, and the file stays bounded', async () => {
  const rows = Array.from({ length: 20_500 }, (_, n) => [
    `BEGUN\tk${n}\tc~${String(n).padStart(12, '0')}`,
    `ENDED\tk${n}\t10009\t${n}\t0\t${n}\t0.10000000\t1.1000000000\t1.1000000000\t1.1001000000\t5\tdone`,
  ]);
  writeFileSync(rig.recordPath, ['MT5FabricRecord\t1\t0123456789abcdef', ...rows.flat(), ''].join('\n'));
  await rig.linked();
  expect(rig.gateway.lines[0]?.[4]).toBe('0123456789abcdef');
  expect(readFileSync(rig.recordPath, 'utf8').split('\n')).toHaveLength(20_002);
  expect(existsSync(`${rig.recordPath}.new`)).toBe(false);
  const old = await rig.gateway.ask(buy('k10500'));
  expect(old.end).toEqual([
    'done',
    '10009',
    '10500',
    '0',
    '10500',
    '0.10000000',
    '1.10000',
    '1.10000',
    '1.10010',
    'done',
  ]);
  expect((await rig.gateway.ask('find | 000000020499')).rows).toHaveLength(1);
  expect((await rig.gateway.ask('find | 000000010499')).rows).toHaveLength(0);
  expect(rig.broker.requests).toHaveLength(0);
});
