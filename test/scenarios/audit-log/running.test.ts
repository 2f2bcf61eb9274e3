import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Context, Request } from 'zeromq';
import { expect, onTestFinished, test } from 'vitest';
import { auditFile } from '../../../main/audit/schema.ts';
import { chainHead, liveRows } from '../../fakes/log-files.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { hostIn, listenTo, operator } from '../hosts.ts';

const ORDER = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };

/** A client with a socket; `ask` sends what it is given as it is. */
function clientOf(endpoint: string): (request: object | string) => Promise<Record<string, unknown>> {
  const socket = new Request({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
  socket.connect(endpoint);
  onTestFinished(() => socket.close());
  return async (request) => {
    await socket.send(typeof request === 'string' ? request : JSON.stringify(request));
    const [reply] = await socket.receive();
    return JSON.parse(String(reply)) as Record<string, unknown>;
  };
}

function request(action: string, reqId: string, payload: object = {}, more: object = {}): object {
  return { action, req_id: reqId, timestamp: Date.now() / 1_000, payload, ...more };
}

test('audit log 07: each kill is followed by a head on the event channel that covers its rows', async () => {
  const dataDir = temporaryFolder();
  const host = await hostIn(dataDir);
  const nextHead = listenTo(host.endpoints.events, 'AUDIT_HEAD');
  const first = await nextHead();
  // Nothing is due by time or number of rows for a minute from here.
  const heads = [first];
  for (const kill of ['first', 'second']) {
    await operator(dataDir, 'kill', `the ${kill} kill`);
    heads.push(await nextHead());
    const seq = Number(heads.at(-1)?.data['seq']);
    const rows = liveRows(dataDir);
    const trigger = rows.find(({ type, reason }) => type === 'KILL_TRIGGER' && reason === `the ${kill} kill`);
    expect(trigger?.seq).toBeLessThanOrEqual(seq);
    expect(rows.find((row) => row.seq === seq)?.hash).toBe(heads.at(-1)?.data['hash']);
  }
  const seqs = heads.map(({ data }) => Number(data['seq']));
  expect(new Set(seqs).size).toBe(3);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
});

test('audit log 10: a log that cannot be read is moved aside, a new file goes on, and trading is halted until a person has seen it', async () => {
  const dataDir = temporaryFolder();
  const before = await hostIn(dataDir);
  expect(before.mode()).toBe('TRADING');
  const ordered = await clientOf(before.endpoints.command)(request('OPEN_ORDER', 'a', ORDER));
  expect(ordered).toMatchObject({ status: 'SUCCESS' });
  await before.stop();
  const { seq } = chainHead(dataDir);
  const file = auditFile(dataDir);
  writeFileSync(file, readFileSync(file).fill(0xff, 0, 100));

  const halted = await hostIn(dataDir);
  expect(halted.mode()).toBe('HALTED');
  const ask = clientOf(halted.endpoints.command);
  const refused = await ask(request('OPEN_ORDER', 'b', ORDER));
  expect(refused).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
  expect(refused['error']).toMatch(/the audit log was damaged .* moved aside as audit-damaged-/);
  await halted.stop();
  const still = await hostIn(dataDir);
  expect(still.mode()).toBe('HALTED');
  await operator(dataDir, 'resume', 'looked at the damaged file');
  expect(still.mode()).toBe('TRADING');
  expect(await clientOf(still.endpoints.command)(request('OPEN_ORDER', 'c', ORDER))).toMatchObject({
    status: 'SUCCESS',
  });
  await still.stop();
  const names = readdirSync(dataDir).filter((name) => /^audit.*\.(?:sqlite|json)$/.test(name));
  expect(names.filter((name) => name.includes('damaged'))).toHaveLength(2);
  expect(liveRows(dataDir)[0]).toMatchObject({ type: 'SEGMENT_STARTED', seq: seq + 1 });
  expect(chainHead(dataDir).seq).toBeGreaterThan(seq);
});

test('audit log 17: no secret that a client sends enters the log, wherever it stands', async () => {
  const dataDir = temporaryFolder();
  const host = await hostIn(dataDir);
  const ask = clientOf(host.endpoints.command);
  const secrets = { password: 'hunter2', api_token: 'hunter2', mac_key: 'hunter2', nested: { private_key: 'hunter2' } };
  const order = { ...ORDER, ...secrets };
  expect(await ask(request('OPEN_ORDER', 'done', order, secrets))).toMatchObject({ status: 'SUCCESS' });
  // Another content under a known id, a refusal, a query, a kill, and what cannot be read: each has a row of another kind.
  expect(await ask(request('OPEN_ORDER', 'done', { ...order, volume: 0.02 }, secrets))).toMatchObject({
    status: 'ERROR',
  });
  expect(await ask(request('OPEN_ORDER', 'bad', { ...order, volume: 'none' }, secrets))).toMatchObject({
    status: 'ERROR',
  });
  expect(await ask(request('GET_TICK', 'query', secrets, secrets))).toMatchObject({ status: 'ERROR' });
  expect(await ask(request('HEARTBEAT', 'beat', secrets, secrets))).toMatchObject({ status: 'SUCCESS' });
  expect(await ask(`{"password":"hunter2"`)).toMatchObject({ code: 'MALFORMED' });
  expect(await ask(request('KILL_SWITCH', 'kill', secrets, secrets))).toMatchObject({ status: 'SUCCESS' });
  await host.stop();
  const rows = liveRows(dataDir);
  expect(rows.filter(({ req_id: reqId }) => reqId === 'done').map(({ type }) => type)).toContain('REFUSED');
  expect(rows.filter((row) => JSON.stringify(row).includes('hunter2'))).toEqual([]);
  for (const name of readdirSync(dataDir).filter((name) => name.startsWith('audit'))) {
    expect(readFileSync(join(dataDir, name)).includes('hunter2'), name).toBe(false);
  }
});
