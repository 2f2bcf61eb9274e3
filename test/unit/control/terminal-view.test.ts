import { describe, expect, it } from 'vitest';
import { CONTROL_CALLS } from '../../../main/control/contract.ts';
import { statusLines } from '../../../main/control/state-text.ts';
import { marketView, terminalView } from '../../../main/control/terminal-view.ts';
import type { Mt5Handler, TerminalState } from '../../../main/mt5/handler.ts';
import type { SymbolSpec, Tick } from '../../../main/mt5/market.ts';
import { findingsWith } from './doctor/sound-findings.ts';

const linked: TerminalState = {
  ...{ linked: true, linkFault: null, connected: true, tradingBlockedBy: ['MQL_TRADE_ALLOWED'] },
  account: { login: '42', server: 'Broker-Live', mode: 'REAL' },
  ...{ marginMode: 'NETTING', bridgeVersion: '1.0.0', lastHeardMonoMs: 900, latch: { epoch: 7, isOn: true } },
  ...{ transport: 'pipe', listensOn: ['/run/mt5-fabric'] },
};
const away: TerminalState = {
  ...{ linked: false, linkFault: 'no terminal program has connected yet', connected: false, tradingBlockedBy: [] },
  ...{ account: null, marginMode: 'HEDGING', bridgeVersion: '', lastHeardMonoMs: null, latch: null },
  ...{ transport: null, listensOn: [] },
};

describe('the terminal in --status', () => {
  it('has everything that is known, in the form of the contract', () => {
    const view = terminalView(linked, 1_000);
    expect(view).toEqual({
      ...{ linked: true, link_fault: null, connected: true, blocked_by: ['MQL_TRADE_ALLOWED'] },
      ...{ login: '42', server: 'Broker-Live', account_mode: 'REAL', margin_mode: 'NETTING' },
      ...{ bridge_version: '1.0.0', last_heard_ms_ago: 100, latch_epoch: 7, latched: true },
      ...{ transport: 'pipe', listens_on: ['/run/mt5-fabric'] },
    });
    expect(CONTROL_CALLS.status.output.shape.terminal.parse(view)).toEqual(view);
  });

  it('says null for what the terminal has not said', () => {
    expect(terminalView(away, 1_000)).toMatchObject({
      ...{ login: null, account_mode: null, last_heard_ms_ago: null, latch_epoch: null, latched: null },
    });
  });

  it.each([
    ['a switch that is off, with where it is', { blocked_by: ['MQL_TRADE_ALLOWED'] }, /OFF {7}MQL_TRADE_ALLOWED: .*F7/],
    ['the program and its latch', { latched: true }, /Program {3}1\.0\.0, heard 120 ms ago, latch ON at epoch 3/],
    [
      'a link that is not there',
      { linked: false, link_fault: 'silent for 2 s' },
      /NOT LINKED.*\nLink {6}silent for 2 s/,
    ],
    ['a broker that is away', { connected: false }, /NOT CONNECTED to its broker/],
  ])('shows %s', (_, terminal, text) => {
    const { gateway } = findingsWith({ terminal });
    expect(gateway.kind === 'running' ? statusLines(gateway.status).join('\n') : '').toMatch(text);
  });
});

describe('the market of a terminal', () => {
  const spec = (name: string, inMarketWatch: boolean) =>
    ({ name, inMarketWatch, currencyBase: name.slice(0, 3), currencyProfit: name.slice(3) }) as SymbolSpec;
  const asked: string[] = [];
  const terminal: Pick<Mt5Handler, 'symbols' | 'tick'> = {
    symbols: () =>
      Promise.resolve({ ok: true, value: [spec('EURGBP', true), spec('EURUSD', true), spec('USDJPY', false)] }),
    tick: (symbol) => {
      asked.push(symbol);
      if (symbol === 'EURGBP') return Promise.resolve({ ok: false, code: 'TERMINAL_TIMEOUT', message: '' });
      return Promise.resolve({ ok: true, value: { symbol, timeMsc: 5_000 } as Tick });
    },
  };

  it('has the names of all symbols, and the newest tick of those that stream', async () => {
    expect(await marketView(terminal)).toEqual({ symbols: ['EURGBP', 'EURUSD', 'USDJPY'], newest_tick_ms: 5_000 });
    expect(asked).toEqual(['EURUSD', 'EURGBP']);
  });

  it('is unknown where the terminal does not answer', async () => {
    const silent = { ok: false, code: 'TERMINAL_DISCONNECTED', message: '' } as const;
    const found = await marketView({ ...terminal, symbols: () => Promise.resolve(silent) });
    expect(found).toEqual({ symbols: null, newest_tick_ms: null });
  });
});
