import { describe, expect, it } from 'vitest';
import { isSound } from '../../../../main/control/doctor/check.ts';
import { diagnose } from '../../../../main/control/doctor/diagnose.ts';
import { doctorLines } from '../../../../main/control/doctor/doctor-text.ts';
import { findingsWith, nothing, soundInstall, type Changes } from './sound-findings.ts';

const PAPER: Changes = { terminal: { account_mode: 'PAPER', bridge_version: '' }, settings: { terminal: 'paper' } };

describe('the diagnosis', () => {
  it('finds everything good where everything is in place', () => {
    const checks = diagnose(findingsWith());
    expect(checks.filter(({ state }) => state !== 'good')).toEqual([]);
    expect(checks.map(({ link }) => link)).toEqual([
      ...['Data folder', 'Settings', 'Gateway', 'Terminal'],
      ...['Command port', 'Data port', 'Event port', 'Bridge pipe', 'Bridge port', 'Firewall'],
      ...['MetaTrader', 'Program', 'Compiled', 'Token', 'Preset', 'Link'],
      ...['TERMINAL_CONNECTED', 'TERMINAL_TRADE_ALLOWED', 'MQL_TRADE_ALLOWED', 'ACCOUNT_TRADE_ALLOWED'],
      ...['ACCOUNT_TRADE_EXPERT', 'Account', 'Clock', 'Symbols', 'Trading'],
    ]);
  });

  it('names every link on a machine with nothing, what is wrong and what to do', () => {
    const checks = diagnose(findingsWith({ findings: nothing }));
    expect(isSound(checks)).toBe(false);
    const wrongOnes = checks.filter(({ state }) => state === 'wrong');
    expect(wrongOnes.map(({ link }) => link)).toEqual(['Data folder', 'Gateway', 'MetaTrader']);
    expect(wrongOnes.every(({ cure }) => cure !== undefined)).toBe(true);
    expect(checks.find(({ link }) => link === 'Link')).toMatchObject({ state: 'unchecked' });
    expect(checks).toHaveLength(diagnose(findingsWith()).length);
  });

  it('is content with a gateway on paper, and says what the bridge would lack', () => {
    const bare = diagnose(findingsWith({ ...PAPER, findings: { terminals: [], token: 'none' } }));
    expect(isSound(bare)).toBe(true);
    expect(bare.find(({ link }) => link === 'MetaTrader')).toMatchObject({ state: 'note' });
    expect(bare.find(({ link }) => link === 'Link')).toMatchObject({ state: 'unchecked' });
    expect(bare.find(({ link }) => link === 'Account')?.found).toContain('PAPER account');
    const partly = diagnose(findingsWith({ ...PAPER, install: { token: 'missing', isCompiled: false } }));
    expect(partly.find(({ link }) => link === 'Token')).toMatchObject({
      state: 'note',
      found: expect.stringContaining('for the bridge') as string,
    });
    expect(isSound(partly)).toBe(true);
  });

  it('looks only at the terminals of this gateway where others have the program too', () => {
    const other = { ...soundInstall, token: 'other', terminal: { ...soundInstall.terminal, name: 'Second' } } as const;
    const checks = diagnose(findingsWith({ findings: { terminals: [other, soundInstall] } }));
    expect(isSound(checks)).toBe(true);
    expect(checks.find(({ link }) => link === 'MetaTrader')?.found).toBe('Second, MetaTrader 5');
    const both = diagnose(
      findingsWith({ findings: { terminals: [{ ...other, token: 'right', isCompiled: false }, soundInstall] } }),
    );
    expect(both.filter(({ state }) => state === 'wrong').map(({ link }) => link)).toEqual(['Compiled in Second']);
  });

  it('does not check what rests on a broken link', () => {
    const checks = diagnose(findingsWith({ terminal: { linked: false } }));
    const after = checks.slice(checks.findIndex(({ link }) => link === 'Link') + 1, -1);
    expect(new Set(after.map(({ state }) => state))).toEqual(new Set(['unchecked']));
  });
});

describe('the diagnosis for a person', () => {
  it('puts what to do below each broken link, and the first to mend at the end', () => {
    const lines = doctorLines(diagnose(findingsWith({ terminal: { connected: false } })), false);
    const at = lines.findIndex((line) => line.startsWith('WRONG TERMINAL_CONNECTED'));
    expect(lines[at + 1]).toMatch(/^ +→ File > Login/);
    expect(lines.at(-1)).toBe('1 link is broken. Begin with the first: TERMINAL_CONNECTED.');
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is coloured where it is asked for, and says when all is well', () => {
    const lines = doctorLines(diagnose(findingsWith()), true);
    expect(lines[0]).toContain('\u001b[32mgood  \u001b[0mData folder');
    expect(lines.at(-1)).toBe('Everything that trading needs is in place.');
  });
});
