import { describe, expect, it } from 'vitest';
import { ClientRegistry } from '../../../main/gateway/client-registry.ts';
import type { FabricEvent } from '../../../main/protocol/events.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { settle, SimulatedClock } from '../../fakes/simulated-clock.ts';

function registry(limit = 64) {
  const clock = new SimulatedClock();
  const audit = new MemoryAuditLog();
  const events: FabricEvent[] = [];
  const clients = new ClientRegistry(limit, { clock, audit, announce: (event) => void events.push(event) });
  return { clock, audit, events, clients };
}

describe('ClientRegistry', () => {
  it("tells who was seen when, how often, with what, and the clock's offset", async () => {
    const { clients, clock } = registry();
    const firstMs = clock.nowMs();
    clients.seen('alpha', 'HEARTBEAT', clock.nowMs() + 250);
    await clock.advance(1_000);
    for (const offsetMs of [260, 9_000, 240]) clients.seen('alpha', 'OPEN_ORDER', clock.nowMs() + offsetMs);
    clients.rejected('alpha', 'STALE');
    clients.rejected('alpha', 'BUSY');
    clients.rejected('alpha', 'BUSY');
    expect(clients.clients()).toEqual([
      {
        name: 'alpha',
        firstSeenMs: firstMs,
        lastSeenMs: firstMs + 1_000,
        requests: 4,
        rejects: 3,
        topReject: 'BUSY',
        lastAction: 'OPEN_ORDER',
        clockOffsetMs: 260,
      },
    ]);
  });

  it('has no offset and no top reject before there is one', () => {
    const { clients } = registry();
    clients.seen('alpha', null, null);
    expect(clients.clients()).toMatchObject([{ clockOffsetMs: null, topReject: null, lastAction: null }]);
  });

  it('records and announces a client when it is first seen, once', async () => {
    const { clients, audit, events } = registry();
    clients.seen('alpha', 'HEARTBEAT', null);
    clients.seen('alpha', 'HEARTBEAT', null);
    await settle();
    expect(audit.rows).toMatchObject([{ type: 'CLIENT_CONNECTED', actorKind: 'client', actor: 'alpha' }]);
    expect(events).toMatchObject([{ event: 'CLIENT', data: { client_id: 'alpha', change: 'CONNECTED' } }]);
  });

  it('is bounded: the longest idle goes, and its counts are written', async () => {
    const { clients, audit } = registry(2);
    clients.seen('a', 'HEARTBEAT', null);
    clients.seen('b', 'HEARTBEAT', null);
    clients.seen('a', 'HEARTBEAT', null);
    clients.asked('b', 'GET_TICK');
    clients.seen('c', 'HEARTBEAT', null);
    await settle();
    expect(clients.clients().map(({ name }) => name)).toEqual(['c', 'a']);
    expect(audit.rows.find(({ type }) => type === 'QUERY_COUNT')).toMatchObject({
      actor: 'b',
      payload: '{"queries":{"GET_TICK":1},"refusals":{}}',
    });
  });

  it('writes the counts of queries once a minute, and nothing for a client that asked nothing', async () => {
    const { clients, clock, audit } = registry();
    clients.start();
    clients.seen('alpha', 'HEARTBEAT', null);
    clients.seen('idle', 'HEARTBEAT', null);
    for (let n = 0; n < 5; n += 1) clients.asked('alpha', 'HEARTBEAT');
    clients.asked('alpha', 'GET_POSITIONS');
    await clock.advance(180_000);
    expect(audit.rows.filter(({ type }) => type === 'QUERY_COUNT')).toMatchObject([
      { actor: 'alpha', payload: '{"queries":{"GET_POSITIONS":1,"HEARTBEAT":5},"refusals":{}}' },
    ]);
  });

  it('records refusals in full up to a bound, then as a count', async () => {
    const { clients, audit } = registry();
    clients.seen('alpha', null, null);
    for (let n = 0; n < 1_000; n += 1) clients.refusedQuery('alpha', null, 'MALFORMED', 'not a request');
    clients.stop();
    await settle();
    const rows = audit.rows.filter(({ type }) => type === 'CLIENT_REFUSED');
    expect(rows).toHaveLength(20);
    expect(rows[0]).toMatchObject({ actor: 'alpha', code: 'MALFORMED', reason: 'not a request' });
    expect(audit.rows.at(-1)).toMatchObject({
      type: 'QUERY_COUNT',
      payload: '{"queries":{},"refusals":{"MALFORMED":980}}',
    });
  });

  it('a peer that invents names fills neither memory nor log', async () => {
    const { clients, audit, events } = registry();
    for (let n = 0; n < 10_000; n += 1) clients.seen(`name-${n}`, 'HEARTBEAT', null);
    await settle();
    expect(clients.clients()).toHaveLength(64);
    expect(audit.rows).toHaveLength(100);
    expect(events).toHaveLength(100);
  });

  it('what invented names ask and are refused is told of together', async () => {
    const { clients, audit } = registry();
    for (let n = 0; n < 1_000; n += 1) {
      clients.seen(`name-${n}`, 'HEARTBEAT', null);
      clients.asked(`name-${n}`, 'HEARTBEAT');
      clients.refusedQuery(`name-${n}`, 'GET_TICK', 'NOT_FOUND', 'no such symbol');
    }
    clients.stop();
    await settle();
    // A hundred told of, each with what it asked and was refused; then the others, of which twenty refusals in full.
    expect(audit.rows).toHaveLength(3 * 100 + 20 + 1);
    expect(audit.rows.at(-1)).toMatchObject({
      actor: '(others)',
      payload: '{"queries":{"HEARTBEAT":900},"refusals":{"NOT_FOUND":880}}',
    });
  });
});
