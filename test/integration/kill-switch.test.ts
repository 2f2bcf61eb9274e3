import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram as run, type RunningGateway } from '../running-gateway.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { RawClient, eventually, listOf, type WireReply } from './raw-client.ts';

const buy = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
const mode = (reply: WireReply) => reply.data['mode'];
const modeOf = async (client: RawClient) => mode(await client.send('HEARTBEAT'));

async function timed<T>(work: Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const began = performance.now();
  return { answer: await work, tookMs: performance.now() - began };
}

interface Timed {
  readonly answer: WireReply;
  readonly tookMs: number;
}

/** One after the other: a single time says more of the machine's other work than of the gateway. */
async function fiveTimes(send: () => Promise<WireReply>): Promise<readonly Timed[]> {
  const all: Timed[] = [];
  while (all.length < 5) all.push(await timed(send()));
  return all;
}

const sumMs = (all: readonly Timed[]) => all.reduce((sum, { tookMs }) => sum + tookMs, 0);
const medianMs = (all: readonly Timed[]) => all.map(({ tookMs }) => tookMs).sort((a, b) => a - b)[2] ?? Infinity;

describe('the kill switch', () => {
  it('is not held up by an order under way, and closes what that order opens', async () => {
    const gateway = await startGateway({ flags: ['--paper-latency-ms', '3000'] });
    const slow = new RawClient(gateway.endpoints.command);
    const other = new RawClient(gateway.endpoints.command);
    const order = timed(slow.send('OPEN_ORDER', buy));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const beat = await timed(other.send('HEARTBEAT'));
    const kill = await timed(other.send('KILL_SWITCH', { reason: 'test' }));
    // The order takes 3 s: either answer comes long before it.
    expect(Math.max(beat.tookMs, kill.tookMs)).toBeLessThan(800);
    expect(kill.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED' } });
    expect((await order).answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(await other.send('OPEN_ORDER', buy)).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    const flat = await eventually(
      () => run('--status', '--json', '--data-dir', gateway.dataDir),
      ({ stdout }) => stdout.includes('"flatten_phase":"FLAT"'),
      15_000,
    );
    expect(flat.stdout).toContain('"flatten_phase":"FLAT"');
    expect(listOf(await other.send('GET_POSITIONS'))).toEqual([]);
    const { stdout } = await run('--audit', 'list', '--json', '--limit', '500', '--data-dir', gateway.dataDir);
    expect(stdout).toContain('"FLAT_VERIFIED"');
  });

  it('stays engaged over SIGKILL and restart, until a local resume with a reason', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir });
    await new RawClient(before.endpoints.command).send('KILL_SWITCH');
    await before.crash();
    const after = await startGateway({ dataDir });
    const client = new RawClient(after.endpoints.command);
    expect(after.mode).toBe('HALTED');
    expect(await client.send('OPEN_ORDER', buy)).toMatchObject({ code: 'KILL_SWITCH_ENGAGED' });
    expect(await client.send('RESUME', { reason: 'from afar' })).toMatchObject({
      status: 'ERROR',
      code: 'UNKNOWN_ACTION',
    });
    expect(await run('--resume', '--data-dir', dataDir)).toMatchObject({ code: 64 });
    expect(await run('--resume', '--reason', 'x', '--data-dir', dataDir)).toMatchObject({ code: 64 });
    // The flatten that the crash cut short is taken up again, and has to be through first.
    expect(
      await eventually(
        () => resume(after),
        ({ code }) => code === 0,
      ),
    ).toMatchObject({ code: 0 });
    expect(await modeOf(client)).toBe('TRADING');
    expect(await client.send('OPEN_ORDER', buy)).toMatchObject({ status: 'SUCCESS' });
  });

  it('stays engaged over an orderly restart too', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir });
    await run('--halt', '--reason', 'weekend', '--data-dir', dataDir);
    expect(await before.stop()).toMatchObject({ code: 0 });
    const after = await startGateway({ dataDir });
    expect(after.mode).toBe('HALTED');
    expect((await run('--status', '--data-dir', dataDir)).stdout).toContain('weekend');
  });

  it('trades again after an orderly restart that nobody halted', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir });
    expect(await before.stop()).toMatchObject({ code: 0 });
    const after = await startGateway({ dataDir });
    expect(after.mode).toBe('TRADING');
  });

  it('halts and keeps the positions on --halt, closes them on --kill', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    await client.send('OPEN_ORDER', buy);
    expect(await run('--halt', '--data-dir', gateway.dataDir)).toMatchObject({ code: 0 });
    expect(await modeOf(client)).toBe('HALTED');
    expect(listOf(await client.send('GET_POSITIONS'))).toHaveLength(1);
    const killed = await run('--kill', '--data-dir', gateway.dataDir);
    expect(killed).toMatchObject({ code: 0 });
    expect(killed.stdout).toContain('1 of 1 positions closed');
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
  });

  it('kill switch 17: a file named HALT halts within a second, and refuses a resume while it is there', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    writeFileSync(join(gateway.dataDir, 'HALT'), '');
    expect(
      await eventually(
        () => modeOf(client),
        (now) => now === 'HALTED',
        1_000,
      ),
    ).toBe('HALTED');
    const refused = await resume(gateway);
    expect(refused).toMatchObject({ code: 75 });
    expect(refused.stdout).toContain('HALT');
    rmSync(join(gateway.dataDir, 'HALT'));
    expect(
      (
        await eventually(
          () => resume(gateway),
          ({ code }) => code === 0,
        )
      ).code,
    ).toBe(0);
    expect(await modeOf(client)).toBe('TRADING');
  });

  it('works with no gateway running: the next start is halted', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir });
    await before.stop();
    const killed = await run('--kill', '--data-dir', dataDir);
    expect(killed).toMatchObject({ code: 0 });
    expect(killed.stdout).toContain('NOT closed');
    expect(existsSync(join(dataDir, 'ARMED'))).toBe(false);
    expect(await run('--status', '--data-dir', dataDir)).toMatchObject({ code: 75 });
    const after = await startGateway({ dataDir });
    expect(after.mode).toBe('HALTED');
  });

  it('kill switch 09: each of ten copies is answered, also with one req_id', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    for (let copy = 0; copy < 10; copy += 1) {
      const reply = await client.send('KILL_SWITCH', {}, { req_id: 'the same' });
      expect(reply).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED' } });
      expect(reply.duplicate).toBeUndefined();
    }
  });
});

describe.runIf(hasSystemPackage('strace'))('with a disk whose fsync takes 2 s', () => {
  it('kill switch 16: HEARTBEAT and KILL_SWITCH answer within 100 ms while an order waits for the log', async () => {
    const slowDisk = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      'inject=fsync,fdatasync:delay_enter=2000000',
    ];
    const gateway = await startGateway({ under: slowDisk });
    const ordering = new RawClient(gateway.endpoints.command, 20_000);
    const other = new RawClient(gateway.endpoints.command);
    await other.send('HEARTBEAT');
    const order = timed(ordering.send('OPEN_ORDER', buy));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const beats = await fiveTimes(() => other.send('HEARTBEAT'));
    const kills = await fiveTimes(() => other.send('KILL_SWITCH'));
    for (const { answer } of beats) expect(answer).toMatchObject({ status: 'SUCCESS' });
    for (const { answer } of kills) expect(answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED' } });
    // All came while the first fsync was still under way: none waited for the log.
    expect(sumMs([...beats, ...kills])).toBeLessThan(1_200);
    expect(medianMs(beats)).toBeLessThan(100);
    expect(medianMs(kills)).toBeLessThan(100);
    const { answer, tookMs } = await order;
    expect(answer.status).not.toBe('SUCCESS');
    expect(tookMs).toBeGreaterThan(1_000);
    expect(listOf(await other.send('GET_POSITIONS'))).toEqual([]);
  }, 120_000);
});

function resume(gateway: RunningGateway) {
  return run('--resume', '--reason', 'checked by hand', '--data-dir', gateway.dataDir);
}
