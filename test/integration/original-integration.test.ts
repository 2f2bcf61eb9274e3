import { describe, expect, it } from 'vitest';
import { runProgram as run } from '../running-gateway.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { RawClient, eventually, listOf, subscribe } from './raw-client.ts';

// The six integration tests that the original system had planned, under their own names.
describe('the original integration tests', () => {
  it('heartbeat round trip', async () => {
    const gateway = await startGateway();
    const reply = await new RawClient(gateway.endpoints.command).send('HEARTBEAT');
    expect(reply).toMatchObject({
      status: 'SUCCESS',
      error: null,
      data: { status: 'alive', service: 'MT5 Gateway', mode: 'TRADING', account_mode: 'PAPER' },
    });
  });

  it('order execution flow', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    const opened = await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.02, side: 'SELL' });
    expect(opened).toMatchObject({
      status: 'SUCCESS',
      data: { status: 'SUCCESS', volume: 0.02, retcode: 10009, side: 'SELL' },
    });
    const half = await client.send('CLOSE_POSITION', { ticket: opened.data['ticket'], volume: 0.01 });
    expect(half).toMatchObject({ status: 'SUCCESS', data: { volume: 0.01 } });
    expect(listOf(await client.send('GET_POSITIONS'))).toMatchObject([{ type: 'SELL', volume: 0.01 }]);
    expect(await client.send('CLOSE_POSITION', { ticket: opened.data['ticket'] })).toMatchObject({ status: 'SUCCESS' });
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
  });

  it('position query flow', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, type: 'BUY' });
    await client.send('OPEN_ORDER', { symbol: 'XAUUSD', volume: 0.01, type: 'SELL' });
    const positions = listOf(await client.send('GET_POSITIONS'));
    expect(positions.map(({ symbol, type }) => [symbol, type])).toEqual([
      ['EURUSD', 'BUY'],
      ['XAUUSD', 'SELL'],
    ]);
    for (const key of [
      'ticket',
      'open_price',
      'current_price',
      'profit',
      'price_open',
      'sl',
      'tp',
      'magic',
      'comment',
      'time_msc',
    ]) {
      expect(positions[0]).toHaveProperty(key);
    }
    expect(listOf(await client.send('GET_POSITIONS', { symbol: 'XAUUSD' }))).toHaveLength(1);
    const account = await client.send('GET_ACCOUNT_INFO');
    expect(account.data).toMatchObject({
      currency: 'USD',
      free_margin: account.data['margin_free'],
      used_margin: account.data['margin'],
    });
    expect(account.data['margin']).toBeGreaterThan(0);
  });

  it('kill switch activation', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    await client.send('OPEN_ORDER', { symbol: 'GBPUSD', volume: 0.01, side: 'SELL' });
    const killed = await client.send('KILL_SWITCH');
    expect(killed).toMatchObject({ status: 'SUCCESS', data: { positions_closed: 2, total_positions: 2 } });
    expect(await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' })).toMatchObject({
      status: 'ERROR',
      code: 'KILL_SWITCH_ENGAGED',
    });
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
    expect((await client.send('HEARTBEAT')).data).toMatchObject({ mode: 'HALTED' });
  });

  it('network timeout', async () => {
    const gateway = await startGateway();
    gateway.signal('SIGSTOP');
    const began = performance.now();
    const ran = await run(
      ...'--brain heartbeat --host 127.0.0.1 --timeout-ms 300 --command-port'.split(' '),
      String(gateway.ports.command),
    );
    gateway.signal('SIGCONT');
    expect(ran.code).toBe(75);
    expect(ran.stderr).toContain('300 ms');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('reconnection', async () => {
    const dataDir = dataFolder();
    const first = await startGateway({ dataDir });
    const ticks = subscribe(first.endpoints.data, '', 400).then((messages) => messages.length);
    const client = new RawClient(first.endpoints.command);
    expect((await client.send('HEARTBEAT')).status).toBe('SUCCESS');
    expect(await first.stop()).toMatchObject({ code: 0 });
    const second = await startGateway({ dataDir, ports: first.ports, flags: ['--paper-ticks-per-second', '100'] });
    expect(second).toMatchObject({ mode: 'TRADING', endpoints: first.endpoints });
    const reply = await eventually(
      () => client.send('HEARTBEAT'),
      ({ status }) => status === 'SUCCESS',
    );
    expect(reply.data).toMatchObject({ status: 'alive' });
    expect(await ticks).toBe(400);
  });
});
