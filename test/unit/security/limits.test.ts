import { describe, expect, it } from 'vitest';
import { RequestRate } from '../../../main/gateway/request-rate.ts';
import { silentLog } from '../../../main/log.ts';
import { AllowList } from '../../../main/security/allow-list.ts';
import { RefusedConnections } from '../../../main/security/refused-connections.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

describe('the list of networks', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.7', true],
    ['10.0.0.0/24', '10.0.1.7', false],
    ['192.168.1.7/32', '192.168.1.7', true],
    ['192.168.1.7/32', '::ffff:192.168.1.7', true],
    ['192.168.1.7/32', '192.168.1.8', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['fd00::/8', 'fd00::7', true],
    ['fd00::/8', 'fe80::7', false],
    ['10.0.0.0/24', 'localhost', false],
    ['10.0.0.0/24', '', false],
  ])('%s has %j: %s', (network, address, isIn) => {
    expect(new AllowList([network]).has(address)).toBe(isIn);
  });

  it('without networks has nobody', () => {
    expect(new AllowList([]).has('127.0.0.1')).toBe(false);
  });
});

describe('refused connections', () => {
  function rig() {
    const clock = new SimulatedClock();
    const audit = new MemoryAuditLog();
    const refused = new RefusedConnections({ clock, log: silentLog, audit });
    return { clock, audit, refused };
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it('are recorded once a source and window, and counted all', async () => {
    const { clock, audit, refused } = rig();
    for (let n = 0; n < 1_000; n += 1) refused.add('not-paired', '10.0.0.9', 'AAAA', 'command');
    await settle();
    expect(audit.rows).toMatchObject([{ type: 'CONNECTION_REFUSED', actor: 'unproven', code: 'NOT_AUTHORISED' }]);
    expect(audit.rows[0]?.reason).toBe('a key that is not paired: 10.0.0.9, command channel, key AAAA');
    await clock.advance(60_000);
    refused.add('not-paired', '10.0.0.9', 'AAAA', 'command');
    await settle();
    expect(audit.rows).toHaveLength(2);
    expect(refused.counts()).toEqual({ 'not-paired': 1_001 });
  });

  it('of more sources than a window takes are recorded as others, once', async () => {
    const { audit, refused } = rig();
    for (let n = 0; n < 5_000; n += 1) refused.add('not-in-list', `10.0.${n >> 8}.${n & 255}`, '', 'data');
    await settle();
    expect(audit.rows).toHaveLength(101);
    expect(audit.rows.at(-1)?.reason).toContain('and others');
  });
});

describe('the rate of a connection', () => {
  it('is a second’s worth at once, then as many a second, for each on its own', async () => {
    const clock = new SimulatedClock();
    const rate = new RequestRate(200, clock);
    for (let n = 0; n < 200; n += 1) expect(rate.take('a')).toBeNull();
    expect(rate.take('a')).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('200') as string });
    expect(rate.take('b')).toBeNull();
    await clock.advance(10);
    expect([rate.take('a'), rate.take('a'), rate.take('a')?.code]).toEqual([null, null, 'RATE_LIMITED']);
  });

  it('is kept of so many connections, however many come', () => {
    const clock = new SimulatedClock();
    const rate = new RequestRate(1, clock);
    for (let n = 0; n < 100_000; n += 1) expect(rate.take(`c-${n}`)).toBeNull();
    expect(rate.take('c-99999')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(rate.take('c-0')).toBeNull();
  });
});
