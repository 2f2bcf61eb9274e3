import { describe, expect, it } from 'vitest';
import { KnownState } from '../../../../main/brain/strategy/known-state.ts';
import type { EventKind } from '../../../../main/protocol/events.ts';

const alive = (mode: string | undefined, time: number) => ({
  ...{ status: 'alive', service: 'MT5 Gateway', time, ...(mode === undefined ? {} : { mode }) },
});
const event = (mode: string, timestamp: number, kind: EventKind = 'TRADING_STATE') => ({
  ...{ event: kind, timestamp, data: { mode } },
});

describe('the trading mode as far as it is known', () => {
  it('is unknown before the first answer, and what answers and events say after it', () => {
    const state = new KnownState();
    expect(state.mode).toBe('UNKNOWN');
    expect(state.answered(alive('TRADING', 10), 0)).toBe(true);
    expect(state.answered(alive('TRADING', 11), 1_000)).toBe(false);
    state.happened(event('HALTED', 12), 1_500);
    expect(state.mode).toBe('HALTED');
  });

  it('is not set back by an answer that was asked for before the event came', () => {
    const state = new KnownState();
    state.answered(alive('TRADING', 10), 0);
    state.happened(event('HALTED', 11), 1_500);
    expect(state.answered(alive('TRADING', 10.9), 1_400)).toBe(false);
    expect(state.mode).toBe('HALTED');
    expect(state.answered(alive('TRADING', 12), 2_000)).toBe(true);
  });

  it('is not set back by an event from before the last answer', () => {
    const state = new KnownState();
    state.answered(alive('HALTED', 10), 0);
    state.happened(event('SUSPENDED', 9.9), 5);
    expect(state.mode).toBe('HALTED');
  });

  it('follows the answers of a gateway whose clock was set back', () => {
    const state = new KnownState();
    state.answered(alive('TRADING', 10_000), 0);
    expect(state.answered(alive('HALTED', 10), 1_000)).toBe(true);
    expect(state.mode).toBe('HALTED');
  });

  it('is unknown where the gateway is silent or says a word that nobody knows', () => {
    const state = new KnownState();
    state.answered(alive('TRADING', 10), 0);
    state.forget();
    expect(state.mode).toBe('UNKNOWN');
    state.answered(alive('TRADING', 11), 1);
    state.answered(alive('DREAMING', 12), 2);
    expect(state.mode).toBe('UNKNOWN');
    state.answered(alive(undefined, 13), 3);
    expect(state.mode).toBe('UNKNOWN');
  });

  it('takes no word from events of other kinds', () => {
    const state = new KnownState();
    state.happened(event('HALTED', 10, 'CLIENT'), 0);
    expect(state.mode).toBe('UNKNOWN');
  });
});
