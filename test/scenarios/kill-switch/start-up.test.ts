import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TokenFile, type TokenContent } from '../../../main/safety/armed-token.ts';
import { FabricRig, type RigOptions } from '../fabric-rig.ts';

const ON_DISK: RigOptions = { armedToken: (folder) => new TokenFile(folder) };

/** A gateway that traded and was stopped in order, with its token as a file. */
async function stopped(): Promise<{ readonly rig: FabricRig; readonly token: TokenFile }> {
  const rig = await FabricRig.start(ON_DISK);
  expect(rig.mode()).toBe('TRADING');
  await rig.stop();
  return { rig, token: new TokenFile(rig.folder) };
}

/** Puts another token in the place of the one that is there. */
async function rearm(token: TokenFile, change: (content: TokenContent) => Partial<TokenContent>): Promise<void> {
  const content = await token.read();
  if (content.kind !== 'armed') throw new Error(content.kind);
  const { epoch, account, armedAtMs, armedBy } = content;
  const before = { epoch, account, armedAtMs, armedBy };
  expect(await token.arm({ ...before, ...change(before) })).toEqual({ ok: true });
}

/** The next start is halted by the token alone, says why, and sends nothing, however long it waits. */
async function expectHalted(rig: FabricRig, words: string): Promise<FabricRig> {
  const next = await rig.restarted();
  expect(next.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none', causes: [{ kind: 'TOKEN' }] });
  expect(next.safety.state().causes[0]?.reason).toContain(words);
  await next.advance(60_000);
  const order = next.brain('alpha').open();
  await next.settle();
  expect(order.answer.code).toBe('KILL_SWITCH_ENGAGED');
  expect(next.calls('send')).toBe(0);
  return next;
}

/** A person's resume is what lets it trade again, with a token that is good at the next start. */
async function expectResumable(next: FabricRig, token: TokenFile): Promise<void> {
  expect(await next.safety.resume('operator', 'looked at the account')).toMatchObject({ ok: true });
  expect(await token.read()).toMatchObject({ kind: 'armed', epoch: next.safety.state().epoch });
  await next.stop();
  expect((await next.restarted()).mode()).toBe('TRADING');
}

describe('the ARMED token at a start after a stop in order', () => {
  test('kill switch 34: a token that is as it was written lets it trade', async () => {
    const { rig } = await stopped();
    expect((await rig.restarted()).mode()).toBe('TRADING');
  });

  test('kill switch 34: a token that is missing halts', async () => {
    const { rig, token } = await stopped();
    rmSync(token.path);
    await expectResumable(await expectHalted(rig, 'missing'), token);
  });

  test('kill switch 34: a token that is empty halts', async () => {
    const { rig, token } = await stopped();
    truncateSync(token.path, 0);
    await expectResumable(await expectHalted(rig, 'damaged: its size is wrong'), token);
  });

  test('kill switch 34: a token with a bad MAC halts', async () => {
    const { rig, token } = await stopped();
    const text = readFileSync(token.path, 'utf8');
    writeFileSync(token.path, text.replace('"epoch":1,', '"epoch":9,'));
    expect(readFileSync(token.path, 'utf8')).not.toBe(text);
    await expectResumable(await expectHalted(rig, 'damaged: its checksum is wrong'), token);
  });

  test('kill switch 34: a token of an old epoch halts', async () => {
    const { rig, token } = await stopped();
    await rearm(token, ({ epoch }) => ({ epoch: epoch - 1 }));
    await expectResumable(await expectHalted(rig, 'is of epoch 0, the audit log of epoch 1'), token);
  });

  test.each<[string, Partial<TokenContent['account']>]>([
    ['login', { login: '1' }],
    ['server', { server: 'Another' }],
    ['mode', { mode: 'REAL' }],
  ])('kill switch 34: a token of another account halts: %s', async (_what, other) => {
    const { rig, token } = await stopped();
    await rearm(token, ({ account }) => ({ account: { ...account, ...other } }));
    await expectResumable(await expectHalted(rig, 'the terminal trades PAPER'), token);
  });

  test('kill switch 34: a token that cannot be read halts', async () => {
    const { rig, token } = await stopped();
    rmSync(token.path);
    // A link to itself cannot be read by anybody, whatever his rights.
    symlinkSync('ARMED', token.path);
    await expectResumable(await expectHalted(rig, 'unreadable'), token);
  });

  test('kill switch 34: a token that is a folder halts, and cannot be resumed before that is gone', async () => {
    const { rig, token } = await stopped();
    rmSync(token.path);
    mkdirSync(token.path);
    const next = await expectHalted(rig, 'is not a file');
    expect(await next.safety.resume('operator', 'looked at the account')).toMatchObject({ ok: false });
    expect(next.mode()).toBe('HALTED');
    rmSync(token.path, { recursive: true });
    await expectResumable(next, token);
  });
});
