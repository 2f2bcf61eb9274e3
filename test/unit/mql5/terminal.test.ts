import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { hasSystemPackage } from '../../system-packages.ts';
import { accountNamed, BUILD_TIMEOUT_MS, buildExchange, rig, run, stepper } from './exchange-rig.ts';

describe.runIf(hasSystemPackage('g++'))('The terminal around a translated program', () => {
  let exchange: string;

  beforeAll(async () => {
    exchange = await buildExchange();
  }, BUILD_TIMEOUT_MS);

  afterEach(() => ProgramProcess.killAll());

  it('ends with 0 after OnDeinit on SIGTERM', async () => {
    const { broker, folder } = await rig();
    const program = run(exchange, broker, folder);
    await program.waitForLine('ready');
    expect(await program.stop()).toBe(0);
    expect(program.lines.at(-1)).toBe('deinit 9');
  });

  it('ends with 2 and a reason when there is no broker', { timeout: 20_000 }, async () => {
    const folder = temporaryFolder();
    const program = ProgramProcess.start({ executable: exchange, broker: `unix:${folder}/none`, dataDir: folder });
    await expect(program.waitForLine('ready', 15_000)).rejects.toThrow('cannot be reached');
    expect((await program.ended).code).toBe(2);
  });

  it('takes in pushes while OrderSend waits, and tells transactions after it', async () => {
    const { broker, program, step } = await stepper(exchange);
    broker.answer = () => {
      broker.say(
        'position 7 7 EURUSD 0 0.1 1.1 1.1 0 0 0 0 5 _ 1000 1000',
        'transaction 6 9 8 EURUSD 0 4 0 1.1 0 0 0.1 7 0',
      );
      return ['result 1 10009 9007199254740993 8 0.1 1.1 1.1 1.2 done 1 0'];
    };
    expect(await step('send')).toBe('true 10009 9007199254740993 0 positions 1');
    await program.waitForLine('transaction TRADE_TRANSACTION_DEAL_ADD 9');
    expect(program.lines.findIndex((line) => line.startsWith('transaction'))).toBeGreaterThan(
      program.lines.findIndex((line) => line.startsWith('1:send')),
    );
    const sent = broker.heard.find((line) => line.includes('send'));
    expect(sent).toBe(
      '1\tsend\t1\t18446744073709551615\t0\tEURUSD\t0.10000000000000001\t0\t0\t0\t0\t0\t0\t0\t0\t0\ta\\tb\t0\t0',
    );
  });

  it('says of OrderSend without a connection that it failed, and comes back by itself', async () => {
    const { broker, program, step } = await stepper(exchange);
    broker.answer = () => {
      setTimeout(() => broker.drop(), 20);
      return null;
    };
    expect(await step('send')).toBe('false 10031 0 4756 positions 0');
    await expect.poll(() => broker.heard.filter((line) => line === 'terminal\t1').length).toBe(2);
    broker.answer = () => ['result 0 0 0 0 0 0 0 0 _ 0 4752'];
    expect(await step('send')).toBe('false 0 0 4752 positions 0');
    expect(program.end).toBeNull();
  });

  it('shows of the history only what is selected and has come', async () => {
    const { broker, step } = await stepper(exchange);
    expect(await step('history')).toBe('0 then 0, price 0.0, outside 0.0 error 4755, selected -1 0');
    broker.say(
      'history-ready 1',
      'history-order 8 EURUSD 0 4 0.1 0 1.1 1.1 0 0 1 0 0 5 _ 7 2000 2000',
      'history-deal 9007199254740993 8 7 EURUSD 0 0 3 0.1 1.1 0 0 0 5 _ 2000',
      'history-deal 11 8 7 EURUSD 1 1 3 0.1 1.2 1 0 0 5 _ 3000',
    );
    expect(await step('history')).toBe('0 then 2, price 1.1, outside 0.0 error 4755, selected 1 7');
  });

  it('keeps a selected position as it was when it was selected', async () => {
    const { broker, program, step } = await stepper(exchange);
    broker.say('position 7 7 EURUSD 0 0.1 1.1 1.1 0 0 2.5 0 5 _ 1000 1000');
    const answer = step('position');
    await program.waitForLine('selected');
    broker.say('position-gone 7');
    expect(await answer).toBe('1 2.5 then 2.5');
    expect(await step('position')).toMatch(/^-1 /);
  });

  it('has prices only of selected symbols, from the first tick after the selection', async () => {
    const { broker, program, step } = await stepper(exchange);
    broker.say('tick GBPUSD 1.1 1.2 0 0 1000 6');
    const answer = step('symbols');
    await program.waitForLine('waiting');
    await expect.poll(() => broker.heard.includes('select\tGBPUSD\t1')).toBe(true);
    broker.say('tick GBPUSD 1.5 1.6 0 0 2000 6');
    expect(await answer).toBe('4302 selected 4304 1.5 4301 2 2');
  });

  it('copies ticks from a time on, the newest ones, and those of one kind', async () => {
    const { broker, step } = await stepper(exchange);
    broker.say(
      ...[1000, 2000, 2000, 3000].map((timeMsc, at) => `tick EURUSD 1.1 1.2 1.1 1 ${timeMsc} ${at === 1 ? 24 : 6}`),
    );
    expect(await step('ticks')).toBe('3 2 2000 1 2000 -1 4302');
  });

  it('keeps at least 100,000 ticks a symbol', async () => {
    const { broker, program, step } = await stepper(exchange);
    for (let thousand = 0; thousand < 250; thousand++) {
      broker.say(
        ...Array.from({ length: 1000 }, (_, at) => `tick EURUSD 1.1 1.2 1 1 ${2000 + thousand * 1000 + at} 30`),
      );
    }
    const kept = Number((await step('ticks')).split(' ', 1)[0]);
    expect(kept).toBeGreaterThanOrEqual(100_000);
    expect(program.lines).toContain('tick');
  });

  it('asks the broker for bars, and passes its error on', async () => {
    const { broker, step } = await stepper(exchange);
    broker.answer = () => ['rate 3600 1 2 0.5 1.5 10 2 0', 'rate 7200 1.5 2 1 1.8 20 2 0', 'end 0'];
    expect(await step('rates')).toBe('2 1.8 20');
    expect(broker.heard).toContain('1\trates\tEURUSD\t16385\t2');
    broker.answer = () => ['end 4401'];
    expect(await step('rates')).toBe('-1 4401');
  });

  it('knows the server time from the last tick, and the offset from the broker', async () => {
    const { broker, step } = await stepper(exchange);
    broker.say(`tick EURUSD 1.1 1.2 0 0 ${Date.UTC(2026, 0, 31) + 90_000} 6`);
    expect(await step('times')).toBe('90 120');
  });

  it('loses with SIGKILL what was not flushed: global variables and files', async () => {
    const { broker, folder, program, step } = await stepper(exchange);
    await step('flush');
    await step('global');
    expect(await step('files')).toBe('4');
    await program.kill();
    const files = join(folder, 'MQL5', 'Files');
    expect(readFileSync(join(files, 'flushed'), 'utf8')).toBe('kept');
    expect(readFileSync(join(files, 'unflushed'), 'utf8')).toBe('');
    for (const [name, value] of [
      ['flushed', '2'],
      ['unflushed', 'none'],
    ] as const) {
      const again = run(exchange, broker, folder, { inputs: { InpGlobal: name } });
      expect(await again.waitForLine('global ')).toBe(`global ${value}`);
      await again.kill();
    }
  });

  it('keeps global variables over an orderly end', async () => {
    const { broker, folder, program, step } = await stepper(exchange);
    await step('global');
    expect(await program.stop()).toBe(0);
    expect(existsSync(join(folder, 'globals.txt'))).toBe(true);
    const again = run(exchange, broker, folder, { inputs: { InpGlobal: 'unflushed' } });
    expect(await again.waitForLine('global ')).toBe('global 1');
  });

  it('removes a program that asks for it', async () => {
    const { broker, program } = await stepper(exchange);
    broker.say(accountNamed('1:remove'));
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.lines.at(-1)).toBe('deinit 0');
  });
});
