import { describe, expect, it } from 'vitest';
import { watchView } from '../../../../main/brain/watch/watch-view.ts';
import type { LivePosition, WatchState } from '../../../../main/brain/watch/watch-state.ts';
import type { FabricEvent } from '../../../../main/protocol/events.ts';

const SIZE = { columns: 80, rows: 24 };
const heartbeat = {
  ...{ status: 'alive', service: 'MT5 Gateway', version: '0.1.0', mode: 'TRADING' },
  ...{ account_mode: 'PAPER', terminal_connected: true },
};
const account = {
  ...{ balance: 10_000, equity: 10_012.3, margin: 11.7, margin_free: 10_000, margin_level: 1 },
  ...{ currency: 'USD', profit: 12.3 },
};
const position: LivePosition = {
  ...{ ticket: 1004, symbol: 'EURUSD', type: 'BUY', volume: 0.1, open_price: 1.05, current_price: 1.05123 },
  ...{ sl: 1.04, tp: 0, profit: 14.3, moved: 2 },
};
const order = {
  ...{ ticket: 1005, symbol: 'XAUUSD', type: 'SELL_LIMIT', volume: 0.01, open_price: 4_600, current_price: 4_590.5 },
  ...{ sl: 0, tp: 0, magic: 0, comment: '', time_setup_msc: 0, time_expiration: 0 },
};
const live: WatchState = {
  endpoint: '127.0.0.1:5555',
  link: { kind: 'live', heartbeat },
  refusal: null,
  account: { kind: 'known', data: account, ageMs: 300 },
  positions: { kind: 'known', data: [position], ageMs: 300 },
  orders: { kind: 'known', data: [order], ageMs: 300 },
  quotes: [
    { symbol: 'EURUSD', bid: 1.05123, ask: 1.05131, ageMs: 400 },
    { symbol: 'XAUUSD', bid: 4_590.5, ask: 4_590.8, ageMs: 5_001 },
    { symbol: 'USDJPY', bid: 152, ask: 152.01, ageMs: null },
  ],
  events: [
    { event: 'TRADE', timestamp: 0, data: { kind: 'DEAL', type: 'BUY', volume: 0.1, ticket: 9007199254740993n } },
  ],
};
const view = (state: Partial<WatchState> = {}, size: Partial<typeof SIZE> & { colour?: boolean } = {}) =>
  watchView({ ...live, ...state }, { ...SIZE, ...size });
const text = (state: Partial<WatchState> = {}) => view(state).join('\n');
const inMode = (mode: string) => view({ link: { kind: 'live', heartbeat: { ...heartbeat, mode } } })[1]!;

describe('the live view', () => {
  it('shows gateway, account mode, trading mode in words, and figures with the profit of now', () => {
    expect(view().slice(0, 3)).toEqual([
      'MT5 Fabric 0.1.0 at 127.0.0.1:5555',
      'PAPER account  TRADING',
      'Balance 10,000.00   Equity 10,014.30   Margin 11.70   Profit +14.30 USD',
    ]);
  });

  it('shows positions, orders, quotes with their age and stale mark, and events', () => {
    const shown = text();
    expect(shown).toMatch(
      /POSITIONS \(1\)\nTICKET.*\n +1004 {2}EURUSD {2}BUY +0\.10 {2}1\.05000 {2}1\.05123 {2}1\.04000 +\+14\.30\n/,
    );
    expect(shown).toMatch(
      /PENDING ORDERS \(1\)\nTICKET.*\n +1005 {2}XAUUSD {2}SELL_LIMIT {2}0\.01 {2}4600\.0 {2}4590\.5\n/,
    );
    expect(shown).toMatch(/EURUSD +1\.05123 +1\.05131 +0\.00008 +0 s\n/);
    expect(shown).toMatch(/XAUUSD +4590\.5 +4590\.8 +0\.3 +5 s stale\n/);
    expect(shown).toMatch(/USDJPY +152\.00 +152\.01 +0\.01 +\?\n/);
    expect(shown).toMatch(/\d\d:\d\d:\d\d {2}TRADE {10}DEAL BUY 0\.1 9007199254740993$/);
  });

  it('says each mode loudly but TRADING, and what is not known as unknown', () => {
    expect(inMode('HALTED')).toContain('*** HALTED *** no trading');
    expect(inMode('SUSPENDED')).toContain('SUSPENDED: no new orders');
    expect(inMode('REDUCE_ONLY')).toContain('REDUCE ONLY');
    expect(inMode('DREAMING')).toContain('mode DREAMING');
    const bare = { status: 'alive', service: 'MT5 Gateway' };
    expect(view({ link: { kind: 'live', heartbeat: bare } })[1]).toBe('account UNKNOWN  mode UNKNOWN');
    const cut = { kind: 'live' as const, heartbeat: { ...heartbeat, terminal_connected: false } };
    expect(view({ link: cut })[0]).toContain('terminal NOT CONNECTED');
  });

  it('says that the gateway does not answer, and shows nothing of before as if it were so now', () => {
    const lost = view({ link: { kind: 'lost', silentMs: 3_200, heartbeat: { ...heartbeat, mode: 'TRADING' } } });
    expect(lost[1]).toBe('mode UNKNOWN, NO ANSWER SINCE 3 s');
    expect(lost.join('\n')).not.toContain('TRADING');
    expect(lost[2]).toBe('0 s ago: Balance 10,000.00   Equity 10,012.30   Margin 11.70');
    expect(lost.join('\n')).toContain('POSITIONS (1, as of 0 s ago)');
    const first = view({
      ...{ link: { kind: 'connecting', forMs: 2_000 }, account: { kind: 'unknown' }, positions: { kind: 'unknown' } },
      ...{ orders: { kind: 'unknown' }, quotes: [], events: [] },
    });
    expect(first.join('\n')).toContain('mode UNKNOWN, no answer yet, for 2 s');
    expect(first.join('\n')).toContain('POSITIONS: not known yet');
  });

  it("says why the gateway turns this brain's key away, as long as it does not answer", () => {
    const refusal = "the gateway at tcp://127.0.0.1:5555 refused this brain's key";
    expect(view({ link: { kind: 'connecting', forMs: 2_000 }, refusal })[2]).toBe(refusal);
    expect(text({ refusal })).not.toContain('refused');
  });

  it('gives the reason where the gateway refuses a part', () => {
    const refused = { kind: 'refused', message: 'TERMINAL_DISCONNECTED: no link' } as const;
    expect(text({ positions: refused })).toContain('POSITIONS: TERMINAL_DISCONNECTED: no link');
    expect(view({ account: refused })[2]).toBe('TERMINAL_DISCONNECTED: no link');
  });

  it('never takes more room than there is, and counts what it leaves out', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ ...position, ticket: at }));
    const events: FabricEvent[] = Array.from({ length: 40 }, () => live.events[0]!);
    const crowded = { positions: { kind: 'known' as const, data: many, ageMs: 0 }, events };
    for (const rows of [1, 3, 8, 15, 24, 50, 120]) {
      for (const columns of [20, 80, 200]) {
        const lines = view(crowded, { rows, columns });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      }
    }
    const lines = view(crowded);
    expect(lines).toHaveLength(24);
    expect(lines.join('\n')).toMatch(/POSITIONS \(40\)[^]*… 3\d more[^]*PENDING[^]*QUOTES[^]*EVENTS[^]*… 39 more/);
    expect(view(crowded, { rows: Infinity })).toHaveLength(3 + 43 + 4 + 6 + 42);
  });

  it('makes control characters visible, so that nobody else draws on the terminal', () => {
    const evil = { ...position, symbol: 'A\u001b[2J' };
    const shown = text({ positions: { kind: 'known', data: [evil], ageMs: 0 } });
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('A\\u{1b}[2J');
  });

  it('is coloured only where that is wanted, without changing the text', () => {
    const plain = view();
    const coloured = view({}, { colour: true });
    expect(plain.join('')).not.toContain('\u001b');
    const bare = (line: string) =>
      line.split('\u001b[').map((part, at) => (at === 0 ? part : part.replace(/^[\d;]*m/, '')));
    expect(coloured.map((line) => bare(line).join(''))).toEqual(plain);
    const halted = { kind: 'live' as const, heartbeat: { ...heartbeat, mode: 'HALTED' } };
    expect(view({ link: halted }, { colour: true })[1]).toContain('\u001b[1;37;41m*** HALTED ***');
    expect(coloured.find((line) => line.includes('stale'))).toContain('\u001b[2m');
  });

  it('shows why trading was restricted', () => {
    const causes = [{ reason: 'first' }, { reason: 'me has not renewed its lease' }];
    const event: FabricEvent = {
      event: 'TRADING_STATE',
      timestamp: 0,
      data: { mode: 'HALTED', flatten_phase: 'NONE', causes },
    };
    expect(text({ events: [event] })).toContain('TRADING_STATE  HALTED NONE: me has not renewed its lease');
  });
});
