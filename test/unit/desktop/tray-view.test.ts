import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN, type DesktopState } from '../../../main/desktop/desktop-state.ts';
import { trayView, type TrayLine, type TrayView } from '../../../main/desktop/tray-view.ts';
import { account, chinese, english, live, stateWith, terminal } from './states.ts';

const wording = { t: english, language: 'en', startsAtLogin: true };
const view = (change: Partial<DesktopState> = {}): TrayView => trayView(stateWith(change), wording);
const labels = (menu: readonly TrayLine[]) => menu.flatMap((line) => ('label' in line ? [line.label] : []));

const down = { terminal: terminal({ connected: false }) };
const stale = { terminal: terminal({ last_heard_ms_ago: 2_001 }) };

describe('the icon of the tray', () => {
  it.each([
    ['shield', 'all is well', {}],
    ['shield', 'the terminal was heard two seconds ago', { terminal: terminal({ last_heard_ms_ago: 2_000 }) }],
    ['shield', 'the terminal needs no heartbeat', { terminal: terminal({ last_heard_ms_ago: null }) }],
    ['hourglass', 'the terminal was heard longer ago', stale],
    ['hourglass', 'nothing is known of the state', { live: null }],
    ['hourglass', 'nothing is known of the terminal', { terminal: null }],
    ['pause', 'trading is suspended', { live: live('SUSPENDED') }],
    ['pause', 'only closing is allowed', { live: live('REDUCE_ONLY') }],
    ['pause', 'trading is suspended and the terminal stale', { live: live('SUSPENDED'), ...stale }],
    ['broken-link', 'the broker is not connected', down],
    ['broken-link', 'no program is linked', { terminal: terminal({ linked: false }) }],
    ['broken-link', 'the terminal is down and trading suspended for it', { live: live('SUSPENDED'), ...down }],
    ['broken-link', 'the terminal is down and nothing else is known', { live: null, ...down }],
    ['octagon', 'trading is halted', { live: live('HALTED') }],
    ['octagon', 'trading is halted and the terminal down', { live: live('HALTED'), ...down }],
    ['octagon', 'trading is halted and nothing else is known', { live: live('HALTED'), terminal: null }],
  ] as const)('is a %s when %s', (shape, _when, change) => {
    expect(view(change).shape).toBe(shape);
  });

  it('is no shield before anything is known', () => {
    expect(trayView(NOTHING_KNOWN, wording).shape).toBe('hourglass');
  });
});

describe('the tooltip', () => {
  it.each([
    ['MT5 Fabric: Trading', {}],
    ['MT5 Fabric: HALTED by alpha: too fast', { live: live('HALTED') }],
    ['MT5 Fabric: HALTED (not recorded) by alpha: too fast', { live: live('HALTED'), isUnrecorded: true }],
    ['MT5 Fabric: HALTED by alpha: no reason given', { live: live('HALTED', '') }],
    ['MT5 Fabric: Suspended: too fast', { live: live('SUSPENDED') }],
    ['MT5 Fabric: Reduce only: too fast', { live: live('REDUCE_ONLY') }],
    ['MT5 Fabric: MetaTrader is not connected to its broker', down],
    ['MT5 Fabric: MetaTrader is not linked', { terminal: terminal({ linked: false, connected: false }) }],
    ['MT5 Fabric: Starting: the gateway has not told its state yet', { live: null }],
  ] as const)('says %j', (tooltip, change) => {
    expect(view(change).tooltip).toBe(tooltip);
  });

  it('is never longer than Windows shows, and stays well-formed text', () => {
    const { tooltip } = view({ live: live('HALTED', '\u{1F6D1}'.repeat(140)) });
    expect(tooltip.length).toBeLessThanOrEqual(127);
    expect(tooltip.isWellFormed()).toBe(true);
    expect(tooltip.endsWith('…')).toBe(true);
  });
});

describe('an unencrypted network', () => {
  const exposedTo = ['10.0.0.0/24', '10.1.0.0/16'];

  it('stands first in the tooltip, whatever else there is to say', () => {
    expect(view({ exposedTo }).tooltip).toBe('MT5 Fabric, unencrypted network: Trading');
    const halted = view({ exposedTo, live: live('HALTED', 'x'.repeat(200)) }).tooltip;
    expect(halted).toMatch(/^MT5 Fabric, unencrypted network: HALTED by alpha: x+…$/);
    expect(halted).toHaveLength(127);
  });

  it('is a line of the menu, under how it stands', () => {
    expect(labels(view({ exposedTo }).menu).slice(0, 2)).toEqual([
      'Trading',
      'Unencrypted: everyone in 10.0.0.0/24, 10.1.0.0/16 can read and trade',
    ]);
    expect(labels(view({ exposedTo: [] }).menu)[1]).toContain('the allow list is empty');
  });

  it('speaks Chinese', () => {
    const { tooltip } = trayView(stateWith({ exposedTo }), { ...wording, t: chinese, language: 'zh-CN' });
    expect(tooltip).toBe('MT5 Fabric（网络未加密）：交易中');
  });
});

describe('the menu', () => {
  it('begins with how it stands and ends with Quit', () => {
    expect(labels(view().menu)).toEqual([
      'Trading',
      'DEMO account 5001 at Broker-Demo',
      'Profit -12.50 EUR, equity 9,987.50 EUR',
      'Kill switch: halt and close all',
      'Halt, keep positions',
      'Open MT5 Fabric',
      'Audit log',
      'Start with Windows',
      'Quit',
    ]);
  });

  it('has both ways to stop in every state, and in none a way to resume', () => {
    for (const change of [{}, { live: null }, { live: live('HALTED') }, { live: live('SUSPENDED') }, down] as const) {
      const actions = view(change).menu.flatMap((line) => ('action' in line ? [line.action] : []));
      expect(actions).toEqual(['kill', 'halt', 'open', 'audit', 'startAtLogin', 'quit']);
    }
  });

  it('leaves the switch for the start at login out where the system has none', () => {
    const { menu } = trayView(stateWith(), { ...wording, startsAtLogin: null });
    expect(menu.some(({ kind }) => kind === 'switch')).toBe(false);
  });

  it.each([
    ['Account not known yet', account({ account: null })],
    ['Account not known yet', null],
    ['Profit and equity not current: no answer', account({ fault: 'no answer' })],
    ['Profit and equity not current: No word from the terminal yet', account({ asked_ms_ago: 5_001 })],
    ['Profit and equity not current: No word from the terminal yet', account({ asked_ms_ago: null })],
  ])('says %j instead of figures that are not of now', (line, told) => {
    const shown = labels(view({ account: told }).menu);
    expect(shown).toContain(line);
    expect(shown.join()).not.toContain('-12.50');
  });

  it('marks what changes by itself', () => {
    const figures = view().menu.filter((line) => line.kind === 'text' && line.isFigure);
    expect(labels(figures)).toEqual(['Profit -12.50 EUR, equity 9,987.50 EUR']);
  });

  it('speaks Chinese', () => {
    const { menu, tooltip } = trayView(stateWith({ live: live('HALTED') }), {
      ...wording,
      t: chinese,
      language: 'zh-CN',
    });
    expect(tooltip).toBe('MT5 Fabric：已停止，操作者 alpha：too fast');
    expect(labels(menu)).toContain('紧急停止：停止并全部平仓');
  });
});
