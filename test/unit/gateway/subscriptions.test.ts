import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../../main/gateway/subscriptions.ts';
import { tickTopic } from '../../../main/protocol/ticks.ts';

const begin = (topic: string) => Buffer.from(`\u0001${topic}`);
const end = (topic: string) => Buffer.from(`\u0000${topic}`);

describe('Subscriptions', () => {
  it('names the symbols that are subscribed to, and says when that changes', () => {
    const subscriptions = new Subscriptions();
    expect(subscriptions.take(begin(tickTopic('EURUSD')))).toBe(true);
    expect(subscriptions.take(begin(tickTopic('EURUSD')))).toBe(false);
    expect([...subscriptions.symbols]).toEqual(['EURUSD']);
    expect(subscriptions.take(end(tickTopic('EURUSD')))).toBe(false);
    expect(subscriptions.wants('EURUSD')).toBe(true);
    expect(subscriptions.take(end(tickTopic('EURUSD')))).toBe(true);
    expect(subscriptions.wants('EURUSD')).toBe(false);
  });

  it.each(['', '{', '{"symbol":"', '{"symbol":"EUR'])('takes the prefix %j for all symbols', (topic) => {
    const subscriptions = new Subscriptions();
    expect(subscriptions.take(begin(topic))).toBe(true);
    expect([subscriptions.isToAll, subscriptions.wants('XAUUSD')]).toEqual([true, true]);
    expect(subscriptions.take(end(topic))).toBe(true);
    expect([subscriptions.isToAll, subscriptions.wants('XAUUSD')]).toEqual([false, false]);
  });

  it('wants nothing for a topic that selects no tick', () => {
    const subscriptions = new Subscriptions();
    subscriptions.take(begin('ticks.EURUSD'));
    expect(subscriptions.wants('EURUSD')).toBe(false);
  });

  it('takes no harm from other messages and from ends without a beginning', () => {
    const subscriptions = new Subscriptions();
    for (const message of [Buffer.alloc(0), Buffer.from('hello'), end('x'), end(tickTopic('EURUSD'))]) {
      expect(subscriptions.take(message)).toBe(false);
    }
    expect(subscriptions.wants('EURUSD')).toBe(false);
    subscriptions.take(begin(tickTopic('EURUSD')));
    expect(subscriptions.wants('EURUSD')).toBe(true);
  });

  it('past 10,000 topics wants every symbol, and keeps no more of them', () => {
    const subscriptions = new Subscriptions();
    for (let n = 0; n < 10_500; n += 1) subscriptions.take(begin(tickTopic(`S${n}`)));
    expect(subscriptions.symbols.size).toBe(10_000);
    expect(subscriptions.wants('EURUSD')).toBe(true);
  });
});
