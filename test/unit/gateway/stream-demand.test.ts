import { describe, expect, it } from 'vitest';
import { StreamDemand } from '../../../main/gateway/stream-demand.ts';

const WATCHED = ['EURUSD', 'GBPUSD', 'XAUUSD'];

function demandFor(symbols: readonly string[], watched: readonly string[] = WATCHED) {
  const streamed: string[][] = [];
  const subscribe = (wanted: ReadonlySet<string>) => void streamed.push([...wanted]);
  const demand = new StreamDemand(symbols, { terminal: { subscribe }, digits: { watched } });
  return { demand, now: () => streamed.at(-1) };
}

describe('what the terminal is to stream', () => {
  it('is the symbols of the settings, and those that brains name', () => {
    const { demand, now } = demandFor(['USDJPY']);
    demand.want(new Set(['EURUSD']), true);
    expect(now()).toEqual(['USDJPY', 'EURUSD']);
  });

  it('is the whole Market Watch for a brain that wants all, where the settings name none', () => {
    const { demand, now } = demandFor([]);
    demand.want(new Set(), true);
    expect(now()).toEqual(WATCHED);
  });

  it('is the Market Watch for a screen, as long as one looks', () => {
    const { demand, now } = demandFor([]);
    const [first, second] = [demand.streamForScreen(), demand.streamForScreen()];
    expect(now()).toEqual(WATCHED);
    first();
    first();
    expect(now()).toEqual(WATCHED);
    second();
    expect(now()).toEqual([]);
  });

  it('leaves a brain what it has named when the screen goes', () => {
    const { demand, now } = demandFor([]);
    demand.want(new Set(['XAUUSD']), false);
    demand.streamForScreen()();
    expect(now()).toEqual(['XAUUSD']);
    expect(demand.namedCount).toBe(1);
  });

  it('is no more than 100 symbols for a screen', () => {
    const many = Array.from({ length: 2_000 }, (_, at) => `S${at}`);
    const { demand, now } = demandFor([], many);
    demand.streamForScreen();
    expect(now()).toEqual(many.slice(0, 100));
  });

  it('is shown in the order of the settings, then of the Market Watch, each symbol once', () => {
    expect(demandFor(['XAUUSD', 'USDJPY']).demand.shown()).toEqual(['XAUUSD', 'USDJPY', 'EURUSD', 'GBPUSD']);
  });
});
