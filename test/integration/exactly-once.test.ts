import { describe, expect, it } from 'vitest';
import { runProgram as run } from '../running-gateway.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { RawClient, listOf, requestBytes } from './raw-client.ts';

const order = (more: object = {}) => requestBytes('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'SELL' }, more);

describe('one order for one req_id', () => {
  it('exactly once 02: the same bytes sent twice over a socket give one order', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    const bytes = order();
    const first = await client.exchange(bytes);
    const second = await client.exchange(bytes);
    expect(first).toMatchObject({ status: 'SUCCESS' });
    expect(first).not.toHaveProperty('duplicate');
    expect(second).toMatchObject({ status: 'SUCCESS', duplicate: true, data: { ticket: first.data['ticket'] } });
    expect(listOf(await client.send('GET_POSITIONS'))).toHaveLength(1);
  });

  it('exactly once 03: a duplicate after SIGKILL and a restart gets the recorded reply', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir });
    const bytes = order();
    const first = await new RawClient(before.endpoints.command).exchange(bytes);
    await before.crash();
    const after = await startGateway({ dataDir });
    expect(after.mode).toBe('HALTED');
    const client = new RawClient(after.endpoints.command);
    expect(await client.exchange(bytes)).toMatchObject({
      status: 'SUCCESS',
      duplicate: true,
      data: { ticket: first.data['ticket'] },
    });
    expect(listOf(await client.send('GET_POSITIONS'))).toHaveLength(1);
  });

  it('exactly once 10: after SIGKILL while an order is under way the answer says what became of it', async () => {
    const dataDir = dataFolder();
    const before = await startGateway({ dataDir, flags: ['--paper-latency-ms', '700'] });
    const bytes = order({ client_id: 'alpha' });
    const asked = new RawClient(before.endpoints.command, 1_000).exchange(bytes).catch(() => 'no reply');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await before.crash();
    expect(await asked).toBe('no reply');
    const after = await startGateway({ dataDir });
    const client = new RawClient(after.endpoints.command);
    const positions = listOf(await client.send('GET_POSITIONS'));
    const again = await client.exchange(bytes);
    expect(again).toMatchObject({ duplicate: true, status: positions.length === 0 ? 'ERROR' : 'SUCCESS' });
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual(positions);
  });

  it('exactly once 06: 100 connections that send the same bytes at once get one order', async () => {
    const gateway = await startGateway();
    const bytes = order();
    const clients = Array.from({ length: 100 }, () => new RawClient(gateway.endpoints.command, 10_000));
    const replies = await Promise.all(clients.map((client) => client.exchange(bytes)));
    expect(new Set(replies.map((reply) => reply.data['ticket'])).size).toBe(1);
    expect(replies.filter((reply) => reply.duplicate !== true)).toHaveLength(1);
    expect(listOf(await clients[0]!.send('GET_POSITIONS'))).toHaveLength(1);
  });

  it('exactly once 04: over a socket the id is refused for another order, and runs for another client', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    const reqId = 'order-1';
    await client.exchange(order({ req_id: reqId, client_id: 'alpha' }));
    const other = requestBytes(
      'OPEN_ORDER',
      { symbol: 'EURUSD', volume: 0.02, side: 'SELL' },
      { req_id: reqId, client_id: 'alpha' },
    );
    expect(await client.exchange(other)).toMatchObject({ status: 'ERROR', code: 'REQ_ID_REUSED' });
    expect(await client.exchange(order({ req_id: reqId, client_id: 'beta' }))).toMatchObject({ status: 'SUCCESS' });
    expect(listOf(await client.send('GET_POSITIONS'))).toHaveLength(2);
  });

  it('exactly once 21: an order that comes too late over a socket is never done', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    const late = order({ timestamp: Date.now() / 1000 - 60 });
    expect(await client.exchange(late)).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
  });

  it('has intent, dispatch and outcome of each in the log, which verifies', async () => {
    const gateway = await startGateway();
    const client = new RawClient(gateway.endpoints.command);
    await client.exchange(order({ req_id: 'order-1' }));
    const { stdout } = await run('--audit', 'list', '--json', '--req', 'order-1', '--data-dir', gateway.dataDir);
    for (const type of ['INTENT', 'DISPATCH', 'OUTCOME']) expect(stdout).toContain(`"${type}"`);
    const verified = await run('--audit', 'verify', '--data-dir', gateway.dataDir);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/verified to entry \d+/);
  });
});
