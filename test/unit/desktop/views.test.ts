import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN, type DesktopState } from '../../../main/desktop/desktop-state.ts';
import { notificationFor } from '../../../main/desktop/notification-for.ts';
import { quitWarning } from '../../../main/desktop/quit-warning.ts';
import { taskbarView } from '../../../main/desktop/taskbar-view.ts';
import { english, live, stateWith, terminal } from './states.ts';

describe('title and taskbar', () => {
  it('say nothing while trading is not halted', () => {
    for (const state of [stateWith(), stateWith({ live: live('SUSPENDED') }), NOTHING_KNOWN]) {
      expect(taskbarView(state, english)).toEqual({ title: 'MT5 Fabric', overlay: null });
    }
  });

  it('say a halt first', () => {
    expect(taskbarView(stateWith({ live: live('HALTED') }), english)).toEqual({
      title: 'HALTED – MT5 Fabric',
      overlay: { shape: 'octagon', description: 'Trading is halted' },
    });
  });
});

describe('an unencrypted network', () => {
  const exposedTo = ['10.0.0.0/24'];

  it('stands in the title, also while trading is halted', () => {
    expect(taskbarView(stateWith({ exposedTo }), english).title).toBe('MT5 Fabric (unencrypted network)');
    expect(taskbarView(stateWith({ exposedTo, live: live('HALTED') }), english)).toEqual({
      title: 'HALTED – MT5 Fabric (unencrypted network)',
      overlay: { shape: 'octagon', description: 'Trading is halted' },
    });
  });
});

describe('a notification', () => {
  const trading = stateWith();
  const halted = stateWith({ live: live('HALTED') });
  const down = stateWith({ terminal: terminal({ connected: false }) });
  const between = (before: DesktopState, after: DesktopState) => notificationFor(before, after, english)?.title ?? null;

  it.each([
    ['a halt', trading, halted, 'Trading is halted'],
    [
      'a halt that was there from the start',
      NOTHING_KNOWN,
      stateWith({ live: live('HALTED'), terminal: null }),
      'Trading is halted',
    ],
    ['a halt that follows a suspension', stateWith({ live: live('SUSPENDED') }), halted, 'Trading is halted'],
    ['a second cause of the same halt', halted, stateWith({ live: live('HALTED', 'another') }), null],
    ['a resume', halted, trading, null],
    [
      'a halt that stays without record',
      halted,
      { ...halted, isUnrecorded: true },
      'Trading is halted, but that is not recorded',
    ],
    ['its record at last', { ...halted, isUnrecorded: true }, halted, null],
    ['a suspension', trading, stateWith({ live: live('SUSPENDED') }), null],
    ['a terminal that goes down', trading, down, 'The terminal is down'],
    ['a terminal that stays down', down, { ...down, account: null }, null],
    ['a terminal that is down from the start', NOTHING_KNOWN, down, null],
    ['a terminal that comes back', down, trading, null],
  ] as const)('of %s', (_what, before, after, title) => {
    expect(between(before, after)).toBe(title);
  });

  it('of a halt names who and why', () => {
    expect(notificationFor(trading, halted, english)?.body).toBe('HALTED by alpha: too fast');
  });
});

describe('a quit', () => {
  it.each([
    ['nothing', { brains: [], openPositions: 0 }, []],
    ['a brain', { brains: ['alpha'], openPositions: 0 }, [/alpha/]],
    ['positions', { brains: [], openPositions: 3 }, [/Open positions: 3/]],
    ['both', { brains: ['alpha'], openPositions: 3 }, [/alpha/, /3/]],
    ['what cannot be told', { brains: [], openPositions: null }, [/cannot be told/]],
  ] as const)('with %s at stake', (_what, stake, patterns) => {
    const lines = quitWarning(stake, english);
    expect(lines).toHaveLength(patterns.length);
    patterns.forEach((pattern, index) => expect(lines[index]).toMatch(pattern));
  });

  it('names five brains at most', () => {
    const brains = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(quitWarning({ brains, openPositions: 0 }, english)[0]).toContain('a, b, c, d, e, …');
  });
});
