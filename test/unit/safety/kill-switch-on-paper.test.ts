import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../main/log.ts';
import type { Fence } from '../../../main/mt5/handler.ts';
import type { NewOrder, Position } from '../../../main/mt5/market.ts';
import { PAPER_DEFAULTS, type PaperOptions } from '../../../main/mt5/paper/paper-options.ts';
import { PaperTerminal } from '../../../main/mt5/paper/paper-terminal.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { TokenFile } from '../../../main/safety/armed-token.ts';
import { KillSwitch } from '../../../main/safety/kill-switch.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { settle, SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { kill } from './rig.ts';

const BUY: NewOrder = {
  symbol: 'EURUSD',
  side: 'BUY',
  type: 'MARKET',
  volumeLots: 0.1,
  deviationPoints: 50,
  magic: 0n,
  comment: 'test',
};

interface PaperRig {
  readonly clock: SimulatedClock;
  readonly terminal: PaperTerminal;
  readonly safety: KillSwitch;
  readonly token: TokenFile;
  inFlight: number;
  fence(): Fence;
  book(): Promise<readonly Position[]>;
}

/** A kill switch that trades on the paper terminal, with its token in a real file. */
async function paperRig(options: Partial<PaperOptions> = {}): Promise<PaperRig> {
  const clock = new SimulatedClock();
  const folder = temporaryFolder();
  const terminal = new PaperTerminal({ ...PAPER_DEFAULTS, ...options }, { clock, log: silentLog, journalDir: folder });
  await terminal.start();
  const token = new TokenFile(folder);
  const audit = new MemoryAuditLog();
  const safety = new KillSwitch({
    ...{ clock, terminal, audit, token, log: silentLog },
    announce: () => {},
    tradesInFlight: () => rig.inFlight,
    isOwn: () => true,
  });
  const rig: PaperRig = {
    ...{ clock, terminal, safety, token, inFlight: 0 },
    fence: () => ({ epoch: safety.state().epoch, validUntilMonoMs: clock.monoMs() + 5_000 }),
    book: async () => {
      const answer = await terminal.positions();
      if (!answer.ok) throw new Error(answer.message);
      return answer.value;
    },
  };
  await safety.completeStartUp({
    log: audit.opened,
    token: await token.read(),
    account: terminal.state().account,
    latch: terminal.state().latch,
    ...{ unknownOrders: 0, selfTestPassed: true, haltFile: false },
  });
  await clock.advance(5_000);
  onTestFinished(async () => {
    await safety.stop();
    await terminal.stop();
  });
  return rig;
}

describe('on the paper broker', () => {
  test('a kill closes every position, cancels every order and is verified flat', async () => {
    const rig = await paperRig();
    await rig.terminal.send(BUY, rig.fence());
    await rig.terminal.send({ ...BUY, side: 'SELL', symbol: 'XAUUSD' }, rig.fence());
    await rig.terminal.send({ ...BUY, type: 'LIMIT', price: 0.5 }, rig.fence());
    expect(await rig.book()).toHaveLength(2);
    rig.safety.raise(kill());
    expect(await rig.safety.killReport()).toMatchObject({
      positions_closed: 2,
      orders_cancelled: 1,
      total_positions: 2,
      flatten: 'EMPTY',
    });
    await rig.clock.advance(3_000);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
    expect(await rig.book()).toHaveLength(0);
  });

  test('an order inside a three-second OrderSend fills, is found, and is closed', async () => {
    const rig = await paperRig({ latencyMs: 3_000 });
    rig.inFlight = 1;
    const sent = rig.terminal.send(BUY, rig.fence()).then((outcome) => {
      rig.inFlight = 0;
      return outcome;
    });
    await rig.clock.advance(1_000);
    rig.safety.raise(kill());
    expect(rig.safety.state().mode).toBe('HALTED');
    await rig.clock.advance(20_000);
    expect(await sent).toMatchObject({ kind: 'answered', result: { retcode: RETCODE.DONE } });
    expect(await rig.book()).toHaveLength(0);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 1 });
  });

  test('an order in the terminal’s queue is fenced by the latch', async () => {
    const rig = await paperRig({ latencyMs: 3_000 });
    rig.inFlight = 6;
    const orders = Array.from({ length: 6 }, async () => {
      const outcome = await rig.terminal.send(BUY, rig.fence());
      rig.inFlight -= 1;
      return outcome;
    });
    await rig.clock.advance(500);
    rig.safety.raise(kill());
    await rig.clock.advance(30_000);
    const kinds = (await Promise.all(orders)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'fenced')).toHaveLength(2);
    expect(await rig.book()).toHaveLength(0);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('a netting close whose reply is lost never leaves an opposite position', async () => {
    const rig = await paperRig({ marginMode: 'NETTING' });
    await rig.terminal.send(BUY, rig.fence());
    rig.terminal.inject({ next: [{ kind: 'lose', executed: true }] });
    rig.safety.raise(kill());
    await rig.clock.advance(10_000);
    expect(await rig.book()).toHaveLength(0);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('with AutoTrading off it is blocked, and finishes when that is on again', async () => {
    const rig = await paperRig();
    await rig.terminal.send(BUY, rig.fence());
    rig.terminal.inject({ switchesOff: ['TERMINAL_TRADE_ALLOWED'] });
    rig.safety.raise(kill());
    await rig.clock.advance(30_000);
    expect(rig.safety.state().flattenPhase).toBe('BLOCKED');
    rig.terminal.inject({ switchesOff: [] });
    await rig.clock.advance(15_000);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('after a resume it trades again, with the token in its file', async () => {
    const rig = await paperRig();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect((await rig.token.read()).kind).toBe('missing');
    expect(await rig.terminal.send(BUY, rig.fence())).toMatchObject({ kind: 'fenced' });
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
    expect(await rig.token.read()).toMatchObject({ kind: 'armed', epoch: rig.safety.state().epoch });
    await settle();
    expect(await rig.terminal.send(BUY, rig.fence())).toMatchObject({ kind: 'answered' });
  });
});
