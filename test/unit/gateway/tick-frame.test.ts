import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameHead, TickFrames } from '../../../main/gateway/tick-frame.ts';
import { tickTopic } from '../../../main/protocol/ticks.ts';

const TICK = { symbol: 'EURUSD', bid: 1, ask: 1, last: 0, volume: 0, timeMsc: 1_766_800_000_125, flags: 6 };

function frame(change: Partial<typeof TICK>, digits: number | null, seq = 1): string {
  const tick = { ...TICK, ...change };
  return new TickFrames().write(frameHead(tick.symbol), tick, digits, seq).toString();
}

describe('a tick as a frame', () => {
  it.each([
    [1.1, 5, '1.10000'],
    [0.00012, 5, '0.00012'],
    [0, 5, '0.00000'],
    [-37.63, 2, '-37.63'],
    [97_123.4, 2, '97123.40'],
    [2_641, 0, '2641'],
    [1.005, 2, '1.00'],
    [157.1, null, '157.1'],
    [1e-7, null, '1e-7'],
    [9e15, 5, '9000000000000000.00000'],
  ])('prints a price of %d with %s digits as %s', (bid, digits, text) => {
    expect(frame({ bid }, digits)).toContain(`"bid":${text},`);
  });

  it('prints seconds with milliseconds, a whole second too', () => {
    expect(frame({ timeMsc: 1_766_800_000_000 }, 5)).toContain('"timestamp":1766800000.000,"time_msc":1766800000000,');
    expect(frame({ timeMsc: 5 }, 5)).toContain('"timestamp":0.005,"time_msc":5,');
  });

  it('prints the last deal with the digits of the symbol, and 0 for none', () => {
    expect(frame({ last: 1.1 }, 5)).toContain('"last":1.10000,');
    expect(frame({ last: 0 }, 5)).toContain('"last":0,');
  });

  it('prints a volume with a fraction as it is', () => {
    expect(frame({ volume: 0.25 }, 5)).toContain('"volume":0.25,');
  });

  it.each(['EURUSD', 'EURUSD.s', 'Öl "Brent"', '\\x', '#US30'])('begins with the topic of %s', (symbol) => {
    const text = frame({ symbol }, 5);
    expect(text.startsWith(tickTopic(symbol))).toBe(true);
    expect((JSON.parse(text) as typeof TICK).symbol).toBe(symbol);
  });

  it('is JSON of exactly these numbers, whatever they are', () => {
    const frames = new TickFrames();
    const head = frameHead('EURUSD');
    const price = fc.integer({ min: -1e10, max: 1e10 });
    fc.assert(
      fc.property(price, price, fc.nat(), fc.integer({ min: 0, max: 8 }), (bid, ask, seq, digits) => {
        const scale = 10 ** digits;
        const tick = { ...TICK, bid: bid / scale, ask: ask / scale };
        const read = JSON.parse(frames.write(head, tick, digits, seq).toString()) as Record<string, number>;
        expect([read['bid'], read['ask'], read['seq']]).toEqual([
          Number(tick.bid.toFixed(digits)),
          Number(tick.ask.toFixed(digits)),
          seq,
        ]);
      }),
    );
  });

  it('leaves earlier frames as they were', () => {
    const frames = new TickFrames();
    const head = frameHead('EURUSD');
    const written = Array.from({ length: 2_000 }, (_, n) => frames.write(head, { ...TICK, bid: n / 100 }, 2, n));
    written.forEach((bytes, n) => expect(bytes.toString()).toContain(`"bid":${(n / 100).toFixed(2)},`));
  });
});
