import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Context, Request } from 'zeromq';
import { AuditReader } from '../../../main/audit/reader.ts';
import { CONTROL_CALLS, CONTROL_TOPICS, type ControlTopic, type TopicValue } from '../../../main/control/contract.ts';
import type { Host } from '../../../main/host.ts';
import { until } from '../../fakes/fake-gateway.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { hostIn } from '../../scenarios/hosts.ts';

const BY = 'operator@me (window)';
const TOPICS = Object.keys(CONTROL_TOPICS) as ControlTopic[];

/** Follows a topic of a running gateway, each value held against the contract; gives the newest. */
function newestOf<T extends ControlTopic>({ service }: Host, topic: T): () => TopicValue<T> {
  let newest: TopicValue<T> | undefined;
  const end = service.feed.subscribe(topic, (value) => {
    expect(CONTROL_TOPICS[topic].parse(value)).toEqual(value);
    newest = value;
  });
  onTestFinished(end);
  return () => newest!;
}

/** A brain that asks one thing after the other. */
function brainOf({ endpoints }: Host) {
  const socket = new Request({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
  socket.connect(endpoints.command);
  onTestFinished(() => socket.close());
  let asked = 0;
  return async (action: string, payload: object = {}) => {
    asked += 1;
    const head = { action, req_id: `r${asked}`, client_id: 'alpha', timestamp: Date.now() / 1_000 };
    await socket.send(JSON.stringify({ ...head, payload }));
    return JSON.parse(String((await socket.receive())[0])) as { status: string; code: string | null };
  };
}

const ORDER = { symbol: 'EURUSD', side: 'BUY', volume: 0.1 };

describe('what a gateway offers its operator', () => {
  it('has a handler for every call and a value for every topic', async () => {
    const host = await hostIn(temporaryFolder());
    expect(Object.keys(host.service.handlers).sort()).toEqual(Object.keys(CONTROL_CALLS).sort());
    const newest = TOPICS.map((topic) => newestOf(host, topic));
    for (const value of newest) expect(value()).toBeDefined();
    expect(await host.service.handlers.status({}, BY)).toMatchObject({ account_mode: 'PAPER' });
  });

  it('shows account, quotes and the pace of a brain as they come', async () => {
    const host = await hostIn(temporaryFolder());
    const [account, quotes, channels] = [
      newestOf(host, 'account'),
      newestOf(host, 'quotes'),
      newestOf(host, 'channels'),
    ];
    const ask = brainOf(host);
    for (let n = 0; n < 20; n += 1) await ask('HEARTBEAT');
    await until(() => account().account !== null && quotes().length > 0 && channels().command.requests > 20);
    expect(account().account?.mode).toBe('PAPER');
    expect(quotes().every(({ bid, ask: price }) => price > bid)).toBe(true);
    expect(channels().command.p99_ms).toBeGreaterThan(0);
    expect(newestOf(host, 'clients')().clients).toMatchObject([{ name: 'alpha', requests: 20 }]);
  });

  it('follows a kill: the state, ticket by ticket, and what is refused from then on', async () => {
    const host = await hostIn(temporaryFolder());
    const [state, book] = [newestOf(host, 'state'), newestOf(host, 'book')];
    const ask = brainOf(host);
    for (let n = 0; n < 3; n += 1) expect(await ask('OPEN_ORDER', ORDER)).toMatchObject({ status: 'SUCCESS' });
    await until(() => book().positions.length === 3);
    expect(book().positions.every(({ own }) => own)).toBe(true);
    await host.service.handlers.kill({ reason: 'a test' }, BY);
    for (let n = 0; n < 2; n += 1)
      expect(await ask('OPEN_ORDER', ORDER)).toMatchObject({ code: 'KILL_SWITCH_ENGAGED' });
    await until(() => state().refused === 2 && book().positions.length === 0);
    expect(state().state).toMatchObject({ mode: 'HALTED', recorded: true, causes: [{ actor: BY, reason: 'a test' }] });
    expect(state().tickets.map(({ kind, state: how }) => [kind, how])).toEqual(
      Array.from({ length: 3 }, () => ['position', 'CLOSED']),
    );
  });

  it('tells of a verification as it goes, and of the row about it', async () => {
    const host = await hostIn(temporaryFolder());
    const audit = newestOf(host, 'audit');
    expect(audit().integrity).toEqual({ kind: 'unverified' });
    const before = audit().head.seq;
    await host.service.handlers.auditVerify({}, BY);
    await until(() => audit().integrity.kind === 'verified' && audit().head.seq > before);
  });

  it('writes nothing behind the end of a session, whatever was under way', async () => {
    const dataDir = temporaryFolder();
    const host = await hostIn(dataDir);
    const { handlers } = host.service;
    const late = [
      handlers.auditVerify({}, BY),
      handlers.auditExport({ filter: {}, format: 'csv' }, BY),
      handlers.saveSettings({ changes: { ttl_ms: 900 } }, BY),
      handlers.terminals({}, BY),
    ];
    const settled = Promise.allSettled(late);
    await host.stop();
    await settled;
    await handlers.record({ type: 'VERIFIED', payload: {} }, BY);
    const reader = new AuditReader(dataDir);
    onTestFinished(() => reader.close());
    expect(reader.list({ limit: 1 }).rows[0]?.type).toBe('SESSION_STOPPED');
    expect(readdirSync(dataDir)).toContain('settings.json');
  });

  it('tells nobody anything once it is stopped', async () => {
    const host = await hostIn(temporaryFolder());
    let values = 0;
    host.service.feed.subscribe('pace', () => (values += 1));
    await host.stop();
    const atTheEnd = values;
    host.service.feed.subscribe('state', () => (values += 1));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(values).toBe(atTheEnd);
  });
});
