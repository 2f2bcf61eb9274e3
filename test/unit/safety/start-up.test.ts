import { describe, expect, test } from 'vitest';
import type { OpenedLog } from '../../../main/audit/audit-log.ts';
import type { AccountPin } from '../../../main/mt5/handler.ts';
import { causesPayload } from '../../../main/safety/halt-rows.ts';
import { firstFreeEpoch, isFirstRun, startUpTriggers, type StartUpFindings } from '../../../main/safety/start-up.ts';
import { initialState, raise, startedUp } from '../../../main/safety/transitions.ts';
import { kill } from './rig.ts';

const PAPER: AccountPin = { login: '7001', server: 'Paper', mode: 'PAPER' };
const KNOWN: OpenedLog = { fresh: false, cleanStop: true, tailIntact: true, epoch: 5, standingHalt: null };
const FRESH: OpenedLog = { fresh: true, cleanStop: false, tailIntact: true, epoch: 0, standingHalt: null };
const armed = (epoch: number, account = PAPER) =>
  ({ kind: 'armed', epoch, account, armedAtMs: 1, armedBy: 'gateway' }) as const;
const findings = (change: Partial<StartUpFindings> = {}): StartUpFindings => ({
  log: KNOWN,
  token: armed(5),
  account: PAPER,
  latch: null,
  unknownOrders: 0,
  selfTestPassed: true,
  haltFile: false,
  ...change,
});
const asked = (change: Partial<StartUpFindings>) =>
  startUpTriggers(findings(change)).map(({ mode, kind }) => `${mode} ${kind}`);
const standing = (flatVerified: boolean, causes?: string): OpenedLog => {
  const state = raise(startedUp(initialState(1_000, 4), 1_000), kill(), 2_000);
  return { ...KNOWN, standingHalt: { flatten: 'account', flatVerified, causes: causes ?? causesPayload(state) } };
};

describe('start-up', () => {
  test('asks for nothing after a clean stop while trading', () => {
    expect(asked({})).toEqual([]);
    expect(isFirstRun(findings())).toBe(false);
  });

  test('asks for nothing on the first run on paper', () => {
    expect(asked({ log: FRESH, token: { kind: 'missing' } })).toEqual([]);
    expect(isFirstRun(findings({ log: FRESH, token: { kind: 'missing' } }))).toBe(true);
  });

  test.each(['REAL', 'DEMO', 'CONTEST'] as const)('halts on the first run on a %s account', (mode) => {
    const account = { ...PAPER, mode };
    expect(asked({ log: FRESH, token: { kind: 'missing' }, account })).toEqual(['HALTED FIRST_RUN']);
  });

  test.each<readonly [string, StartUpFindings['token'], string]>([
    ['is missing', { kind: 'missing' }, 'HALTED TOKEN'],
    ['was revoked', { kind: 'revoked' }, 'HALTED TOKEN'],
    ['is damaged', { kind: 'damaged', message: 'checksum' }, 'HALTED TOKEN'],
    ['cannot be read', { kind: 'unreadable', message: 'a folder' }, 'HALTED TOKEN'],
    ['is of a lower epoch', armed(4), 'HALTED TOKEN'],
    ['is of another account', armed(5, { ...PAPER, login: '7002' }), 'HALTED TOKEN'],
    ['is of another server', armed(5, { ...PAPER, server: 'Live' }), 'HALTED TOKEN'],
    ['is of another trade mode', armed(5, { ...PAPER, mode: 'REAL' }), 'HALTED TOKEN'],
    ['is ahead of a log that lost its tail', armed(6), 'HALTED AUDIT'],
  ])('halts where a log is there and the token %s', (_what, token, expected) => {
    expect(asked({ token })).toEqual([expected]);
  });

  test('halts where a token is there and its log is gone', () => {
    expect(asked({ log: FRESH })).toEqual(['HALTED AUDIT']);
    expect(asked({ log: FRESH, token: { kind: 'damaged', message: 'size' } })).toEqual(['HALTED TOKEN']);
  });

  test('halts after a crash', () => {
    expect(asked({ log: { ...KNOWN, cleanStop: false } })).toEqual(['HALTED CRASH']);
  });

  test('halts where the tail of the log does not verify', () => {
    expect(asked({ log: { ...KNOWN, tailIntact: false } })).toEqual(['HALTED AUDIT']);
  });

  test('halts where the log of the run before was damaged and a new one has been begun', () => {
    const log = { ...KNOWN, epoch: 4, quarantined: 'audit.sqlite was no database' };
    expect(startUpTriggers(findings({ log, token: armed(4) }))).toEqual([
      { kind: 'AUDIT', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason: 'audit.sqlite was no database' },
    ]);
  });

  test('halts for as long as a HALT file is there', () => {
    expect(startUpTriggers(findings({ haltFile: true }))).toMatchObject([{ kind: 'HALT_FILE', standing: true }]);
  });

  test('stays suspended while an outcome is not known', () => {
    expect(asked({ unknownOrders: 2 })).toEqual(['SUSPENDED UNKNOWN_ORDER']);
  });

  test('is not complete without an account or without the self-test', () => {
    expect(asked({ account: null })).toEqual(['SUSPENDED STARTING']);
    expect(asked({ selfTestPassed: false })).toEqual(['SUSPENDED STARTING']);
  });

  test('takes a standing halt up again with its causes, its flatten and the time it came', () => {
    expect(startUpTriggers(findings({ log: standing(false), token: { kind: 'missing' } }))).toEqual([
      {
        kind: 'WIRE',
        mode: 'HALTED',
        flatten: 'account',
        actor: 'alpha',
        reason: 'enough',
        atMs: 2_000,
        standing: false,
      },
    ]);
  });

  test('takes up no flatten that has been verified', () => {
    const log = standing(true);
    expect(startUpTriggers(findings({ log, token: { kind: 'missing' } }))).toMatchObject([{ flatten: 'none' }]);
  });

  test.each(['', '{', '{"causes":[{"kind":"NEW"}]}'])('halts and flattens where the causes read %s', (causes) => {
    expect(startUpTriggers(findings({ log: standing(false, causes), token: { kind: 'missing' } }))).toMatchObject([
      { kind: 'AUDIT', mode: 'HALTED', flatten: 'account' },
    ]);
  });

  test('begins past every epoch of earlier runs', () => {
    expect(firstFreeEpoch(findings())).toBe(6);
    expect(firstFreeEpoch(findings({ token: armed(9) }))).toBe(10);
    expect(firstFreeEpoch(findings({ log: FRESH, token: { kind: 'missing' } }))).toBe(1);
  });
});
