import { describe, expect, it, vi } from 'vitest';
import { LOCAL_COMMANDS, parseInvocation } from '../../../main/arguments.ts';
import {
  ASKING_WORDS,
  chooseShell,
  couldNotRun,
  wantsPanelPort,
  type Facts,
} from '../../../resources/build/choose-shell.mjs';

const desk: Facts = { words: [], platform: 'linux', environment: { DISPLAY: ':0' }, isRoot: false };
const there = () => ({ executable: '/e/electron' });
const choose = (facts: Partial<Facts>, runtime: Parameters<typeof chooseShell>[1] = there) =>
  chooseShell({ ...desk, ...facts }, runtime);

describe('what npm start opens', () => {
  it.each([
    ['on Windows', { platform: 'win32', environment: {} }],
    ['on Linux with X', {}],
    ['on Linux with Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['with flags of the gateway', { words: ['--terminal', 'paper', '--data-dir', '/d'] }],
  ])('is the desktop %s', (_where, facts) => {
    expect(choose(facts)).toEqual({ shell: 'desktop', executable: '/e/electron' });
  });

  it.each([
    ['there is no display', { environment: {} }],
    ['Electron does not run as root', { isRoot: true }],
  ])('is the panel where %s, without looking for a runtime', (why, facts) => {
    const look = vi.fn(there);
    expect(choose(facts, look)).toEqual({ shell: 'headless', why });
    expect(look).not.toHaveBeenCalled();
  });

  it('is the panel where no runtime can be had, and says why', () => {
    expect(choose({}, () => ({ missing: 'it rains' }))).toEqual({ shell: 'headless', why: 'it rains' });
  });

  it.each(ASKING_WORDS)('is what %s asks for, wherever it stands', (word) => {
    const look = vi.fn(there);
    expect(choose({ words: ['--data-dir', '/d', word] }, look)).toEqual({ shell: 'asked' });
    expect(look).not.toHaveBeenCalled();
  });

  it('knows every word that names another root', () => {
    for (const command of LOCAL_COMMANDS) expect(ASKING_WORDS).toContain(`--${command}`);
    const named = ASKING_WORDS.filter((word) => !['--headless', '--json'].includes(word));
    for (const word of named) expect(parseInvocation([word]).root).not.toBe('gateway');
  });
});

describe('the port of the panel', () => {
  it.each([
    [true, [], {}],
    [true, ['--terminal', 'paper'], { MT5_FABRIC_PANEL_PORT: '' }],
    [false, ['--panel-port', '9000'], {}],
    [false, ['--panel-port=none'], {}],
    [false, [], { MT5_FABRIC_PANEL_PORT: '9000' }],
  ])('is chosen: %s, with %j and %j', (isChosen, words, environment) => {
    expect(wantsPanelPort(words, environment)).toBe(isChosen);
  });
});

describe('an Electron that has ended', () => {
  it.each([
    [true, 'a library is missing', { code: 127, signal: null, afterMs: 50 }],
    [true, 'its sandbox refuses', { code: null, signal: 'SIGTRAP', afterMs: 300 }],
    [false, 'it was quit', { code: 0, signal: null, afterMs: 300 }],
    [false, 'its settings are refused', { code: 78, signal: null, afterMs: 900 }],
    [false, 'it has crashed and halted', { code: 70, signal: null, afterMs: 900 }],
    [false, 'a person has ended it', { code: null, signal: 'SIGTERM', afterMs: 900 }],
    [false, 'it had run for long', { code: null, signal: 'SIGSEGV', afterMs: 10_001 }],
  ])('could not run: %s, when %s', (could, _when, end) => {
    expect(couldNotRun(end)).toBe(could);
  });
});
