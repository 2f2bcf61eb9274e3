import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram as run, type RunningGateway } from '../running-gateway.ts';
import { StrategyProcess } from './brain-process.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { RawClient, eventually, listOf } from './raw-client.ts';

const EXAMPLE = 'docs/examples/strategy.ts';

/** Buys once, closes on the next tick, and so on; says what each command was answered, and what mode it is told. */
const FLIPPER = `
export const settings = { symbols: ['EURUSD'] };
export async function onTick(tick, { send, positions, log }) {
  try {
    const [held] = await positions();
    const reply = held === undefined
      ? await send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' })
      : await send('CLOSE_POSITION', { ticket: held.ticket });
    log.info('traded', { status: reply.status, code: reply.code });
  } catch (error) {
    if (error.name !== 'CommandTimeout' && error.name !== 'CommandRefused') throw error;
    log.warn('no answer', { error });
  }
}
export function onEvent({ event, data }, { log }) {
  if (event === 'TRADING_STATE') log.info('told', { mode: data.mode });
  if (event === 'SESSION' || event === 'CONNECTION') log.info(event, data);
}
`;

interface AuditRow {
  readonly type: string;
  readonly actor: string;
  readonly ts_utc_us: number;
  readonly payload: string | null;
  readonly reason: string | null;
}

async function auditRows(gateway: RunningGateway, type: string): Promise<readonly AuditRow[]> {
  const { stdout } = await run('--audit', 'list', '--type', type, '--json', '--data-dir', gateway.dataDir);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as AuditRow).reverse();
}

function strategyFile(text: string): string {
  const file = join(dataFolder(), 'strategy.mjs');
  writeFileSync(file, text);
  return file;
}

/** Ticks of EURUSD, 50 ms apart, that fall and rise by 12 pips: averages over 4 and 12 of them cross at each turn. */
function zigzagTicks(): string {
  const lines = Array.from({ length: 240 }, (_, at) => {
    const phase = at % 48;
    const pips = phase < 24 ? phase : 48 - phase;
    const bid = 1.17 + pips * 0.00005;
    const time = new Date(Date.UTC(2026, 0, 5, 12) + at * 50).toISOString().slice(11, 23);
    return `2026.01.05\t${time}\t${bid.toFixed(5)}\t${(bid + 0.00002).toFixed(5)}`;
  });
  const file = join(dataFolder(), 'EURUSD.csv');
  writeFileSync(file, ['<DATE>\t<TIME>\t<BID>\t<ASK>', ...lines].join('\n'));
  return file;
}

const modeOf = async (client: RawClient) => (await client.send('HEARTBEAT')).data['mode'];

describe('a strategy that is run by the brain', () => {
  it('trades the example on the paper terminal and says goodbye', async () => {
    const gateway = await startGateway({ flags: ['--paper-ticks', zigzagTicks()] });
    const client = new RawClient(gateway.endpoints.command);
    const strategy = new StrategyProcess(gateway, EXAMPLE, '--', '4', '12');
    await strategy.said(({ message }) => message === 'open BUY', 20_000);
    await strategy.said(({ message, ticket }) => message.startsWith('close ') && ticket !== undefined, 20_000);
    const { data } = await client.send('GET_HISTORY', { from: 0, magic: 4711 });
    const deals = data['deals'] as { entry: string; volume: number }[];
    expect(deals.map(({ entry }) => entry)).toEqual(expect.arrayContaining(['IN', 'OUT']));
    expect(new Set(deals.map(({ volume }) => volume))).toEqual(new Set([0.01]));

    strategy.signal('SIGTERM');
    expect(await strategy.ended).toBe(0);
    expect(strategy.errors).toBe('');
    expect(strategy.log.at(-1)).toMatchObject({ message: 'ended' });
    const [ended] = await auditRows(gateway, 'LEASE_ENDED');
    expect(ended).toMatchObject({ actor: 'ma-cross', payload: expect.stringContaining('"ENDED"') as string });
    expect(await modeOf(client)).toBe('TRADING');
  }, 60_000);

  it('is cut off by its lease when it is frozen, at the exact time asked for, and trades no more when it thaws', async () => {
    const leaseS = 6;
    const gateway = await startGateway({ flags: ['--paper-ticks-per-second', '20'] });
    const client = new RawClient(gateway.endpoints.command);
    const words = ['--lease', String(leaseS), '--on-expiry', 'halt', '--client-id', 'frozen'];
    const strategy = new StrategyProcess(gateway, strategyFile(FLIPPER), ...words);
    await strategy.said(({ message, status }) => message === 'traded' && status === 'SUCCESS');
    strategy.signal('SIGSTOP');
    const frozenAtUs = Date.now() * 1_000;
    const [granted] = await auditRows(gateway, 'LEASE_GRANTED');
    // Only the first third of a lease goes by without a renewal, which leaves no row of its own.
    expect(frozenAtUs - granted!.ts_utc_us).toBeLessThan((leaseS / 3) * 1_000_000);

    const halted = await eventually(
      () => modeOf(client),
      (mode) => mode === 'HALTED',
      leaseS * 2_000,
    );
    expect(halted).toBe('HALTED');
    const [trigger] = await auditRows(gateway, 'KILL_TRIGGER');
    expect(trigger).toMatchObject({ actor: 'frozen', payload: expect.stringContaining('"LEASE"') as string });
    const silentS = (trigger!.ts_utc_us - granted!.ts_utc_us) / 1_000_000;
    expect(silentS).toBeGreaterThanOrEqual(leaseS - 0.002);
    expect(silentS).toBeLessThan(leaseS + 0.25);

    const held = listOf(await client.send('GET_POSITIONS'));
    const tradesBefore = strategy.log.filter(({ message }) => message === 'traded').length;
    strategy.signal('SIGCONT');
    await strategy.said(({ message, mode }) => message === 'told' && mode === 'HALTED');
    await strategy.said(({ message, code }) => message === 'traded' && code === 'KILL_SWITCH_ENGAGED');
    const after = strategy.log.filter(({ message }) => message === 'traded').slice(tradesBefore);
    // The command that was under way when it froze may have its answer still.
    expect(after.filter(({ status }) => status === 'SUCCESS').length).toBeLessThanOrEqual(1);
    expect(after.at(-1)).toMatchObject({ status: 'ERROR' });
    expect(listOf(await client.send('GET_POSITIONS')).map(({ ticket }) => ticket)).toEqual(
      held.map(({ ticket }) => ticket),
    );
    expect(await modeOf(client)).toBe('HALTED');
    strategy.signal('SIGTERM');
    expect(await strategy.ended).toBe(0);
  }, 60_000);

  it('leaves its lease to run out when it crashes, and when a callback hangs', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    const bad = strategyFile(`export function onStart() { throw new Error('no such thing'); }`);
    const crashing = new StrategyProcess(gateway, bad, '--lease', '1', '--on-expiry', 'reduce_only');
    expect(await crashing.ended).toBe(1);
    expect(crashing.errors).toContain('onStart failed: Error: no such thing');
    expect(crashing.errors).toContain('The lease was not ended');
    const isReduced = (mode: unknown) => mode === 'REDUCE_ONLY';
    expect(await eventually(() => modeOf(client), isReduced, 4_000)).toBe('REDUCE_ONLY');

    const stuck = strategyFile(`export const onStart = () => new Promise(() => {});`);
    const hanging = new StrategyProcess(gateway, stuck, '--lease', '1', '--client-id', 'hanging');
    const isHalted = (mode: unknown) => mode === 'HALTED';
    expect(await eventually(() => modeOf(client), isHalted, 6_000)).toBe('HALTED');
    hanging.signal('SIGTERM');
    expect(await hanging.ended).toBe(1);
    expect(hanging.errors).toContain('onStart has not ended within 1 s');
  }, 60_000);

  it('goes on over a restart of the gateway, with a lease of its own there', async () => {
    const before = await startGateway();
    const strategy = new StrategyProcess(before, strategyFile(FLIPPER), '--client-id', 'steady');
    await strategy.said(({ message, status }) => message === 'traded' && status === 'SUCCESS');
    expect(await before.stop()).toMatchObject({ code: 0 });
    const after = await startGateway({ dataDir: before.dataDir, ports: before.ports });
    await strategy.said(({ message }) => message === 'SESSION');
    const trades = strategy.log.filter(({ message }) => message === 'traded').length;
    const isTrading = () => strategy.log.filter(({ message }) => message === 'traded').length > trades;
    await strategy.said(isTrading);
    expect(strategy.errors).toBe('');
    const { stdout } = await run('--status', '--json', '--data-dir', after.dataDir);
    expect((JSON.parse(stdout) as { leases: unknown[] }).leases).toMatchObject([{ client: 'steady', lease_s: 10 }]);
    strategy.signal('SIGTERM');
    expect(await strategy.ended).toBe(0);
  }, 60_000);
});
