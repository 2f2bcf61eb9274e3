import { beforeAll, describe, expect, test } from 'vitest';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import type { BrokerFault } from '../mql5/broker/faults.ts';
import { compiledProgram } from './bridge-adapter.ts';
import { closeRequests, expectFlat, expectNeverOpposite, isCalledFlat, ticketRows } from './flatness.ts';
import { type Live, type LiveOptions, withProgram } from './live-rig.ts';
import { COMPILED_WITHIN_MS, PLAYED_WITHIN_MS } from './live-terminal.ts';

/** Plays with a gateway whose client has opened so many positions of 0.1 EURUSD. */
function withPositions(count: number, options: LiveOptions, play: (live: Live) => Promise<void>): Promise<void> {
  return withProgram(options, async (live) => {
    for (let n = 0; n < count; n += 1) await live.rig.opened();
    await play(live);
  });
}

const phase = ({ rig }: Live) => rig.safety.state().flattenPhase;
const isPhase = (live: Live, wished: string) => live.rig.until(wished, () => phase(live) === wished);
const closedTickets = ({ terminal }: Live) => closeRequests(terminal.broker).map(({ position }) => position);

beforeAll(compiledProgram, COMPILED_WITHIN_MS);

describe.concurrent('a broker that does not simply close', { timeout: PLAYED_WITHIN_MS }, () => {
  test('kill switch 24: a close that is requoted three times is sent with more deviation each time', () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      const requote: BrokerFault = { kind: 'refuse', retcode: RETCODE.REQUOTE };
      terminal.broker.next(requote, requote, requote);
      await rig.ask('KILL_SWITCH');
      await expectFlat(live);
      const deviations = closeRequests(terminal.broker).map(({ deviationPoints }) => deviationPoints);
      expect(deviations).toEqual([20, 40, 80, 160]);
    }));

  test('kill switch 25: a close that is filled in part is followed by one of the rest', () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      terminal.broker.next({ kind: 'fill-part', share: 0.4 });
      await rig.ask('KILL_SWITCH');
      await expectFlat(live);
      expect(closeRequests(terminal.broker).map(({ volumeLots }) => volumeLots)).toEqual([0.1, 0.06]);
      expectNeverOpposite(terminal.broker);
    }));

  test('kill switch 26: with one market closed its position is BLOCKED while the other is closed, until it opens', () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      const gold = await rig.opened({ symbol: 'XAUUSD' });
      terminal.broker.closeMarket('XAUUSD');
      await rig.ask('KILL_SWITCH');
      await isPhase(live, 'BLOCKED');
      await rig.until('one position', () => terminal.broker.positions.length === 1);
      expect(ticketRows(rig).at(-1)).toBe(`${gold} BLOCKED`);
      expect(isCalledFlat(rig)).toBe(false);
      terminal.broker.openMarket('XAUUSD');
      await expectFlat(live);
    }));
});

describe.concurrent('the terminal fails in the middle of a flatten', { timeout: PLAYED_WITHIN_MS }, () => {
  test('kill switch 27: AutoTrading off for 500 ms blocks it, says so aloud, and it goes on', () =>
    withPositions(4, { watched: true }, async (live) => {
      const { rig, terminal } = live;
      const { broker } = terminal;
      const off = terminal.atNextSend('executed', () => broker.setSwitch('TERMINAL_TRADE_ALLOWED', false));
      rig.send('KILL_SWITCH');
      await off;
      await isPhase(live, 'BLOCKED');
      expect(isCalledFlat(rig)).toBe(false);
      expect(broker.positions.length).toBeGreaterThan(0);
      await rig.until('a cause', () => rig.safety.state().causes.some(({ kind }) => kind === 'AUTOTRADING'));
      const told = rig.safety.state().causes.find(({ kind }) => kind === 'AUTOTRADING');
      expect(told?.reason).toMatch(/TERMINAL_TRADE_ALLOWED.*nothing can be closed or flattened from here/);
      expect(rig.audit.rows.map(({ type }) => type)).toContain('FLATTEN_BLOCKED');
      await rig.pause(500);
      broker.setSwitch('TERMINAL_TRADE_ALLOWED', true);
      await expectFlat(live);
      expectNeverOpposite(broker);
    }));

  test.each<[string, BrokerFault, 'received' | 'executed', number]>([
    ['and the close was done', { kind: 'none' }, 'executed', 3],
    ['and the close was not done', { kind: 'silent', executed: false }, 'received', 4],
  ])(
    'kill switch 28: a program that is killed while it closes is latched again when it is back, and the rest is closed: %s',
    (_what, fault, moment, closes) =>
      withPositions(3, { watched: true }, async (live) => {
        const { rig, terminal, handler } = live;
        terminal.broker.next(fault);
        const killed = terminal.killAtNextSend(moment);
        rig.send('KILL_SWITCH');
        await killed;
        await rig.until('the lost link', () => !handler.state().linked);
        await rig.pause(300);
        expect(isCalledFlat(rig)).toBe(false);
        expect(closedTickets(live)).toHaveLength(1);
        terminal.startProgram();
        await expectFlat(live);
        expect(handler.state().latch).toEqual({ epoch: rig.safety.state().epoch, isOn: true });
        expect(closedTickets(live)).toHaveLength(closes);
        expect(new Set(closedTickets(live)).size).toBe(3);
        expectNeverOpposite(terminal.broker);
      }),
  );

  test('kill switch 28: a program that was away when KILL came is latched before it closes anything', () =>
    withPositions(2, {}, async (live) => {
      const { rig, terminal, handler } = live;
      await terminal.kill();
      await rig.until('the lost link', () => !handler.state().linked);
      expect((await rig.ask('KILL_SWITCH')).data).toMatchObject({ mode: 'HALTED', flatten: 'BLOCKED' });
      const latchWhenClosed = Promise.withResolvers<boolean>();
      void terminal.atNextSend('received', () => latchWhenClosed.resolve(handler.state().latch?.isOn === true));
      terminal.startProgram();
      expect(await latchWhenClosed.promise).toBe(true);
      await expectFlat(live);
    }));
});

describe.concurrent('a netting close whose reply is lost', { timeout: PLAYED_WITHIN_MS }, () => {
  const netting = { broker: { marginMode: 'NETTING' } } as const;
  /** What befalls the close, and whether the program is killed or cut off from the gateway there. */
  const LOSSES: readonly [string, BrokerFault, 'killed' | 'cut off' | 'told TIMEOUT'][] = [
    ['the program is killed, and it was done', { kind: 'none' }, 'killed'],
    ['the program is killed, and it was not done', { kind: 'silent', executed: false }, 'killed'],
    ['the link breaks, and it was done', { kind: 'none' }, 'cut off'],
    ['TIMEOUT, and it was done', { kind: 'misreport', retcode: RETCODE.TIMEOUT }, 'told TIMEOUT'],
    ['TIMEOUT, and it was not done', { kind: 'refuse', retcode: RETCODE.TIMEOUT }, 'told TIMEOUT'],
  ];

  /** Sends a close that is lost so; meanwhile a person buys 0.05 more. */
  async function loseClose(live: Live, fault: BrokerFault, how: string, send: () => unknown): Promise<void> {
    const { terminal, pipe } = live;
    const { broker } = terminal;
    broker.next(fault);
    const lost = terminal.atNextSend('executed', async () => {
      if (how === 'killed') await terminal.kill();
      if (how === 'cut off') pipe.break();
      broker.openByHand({ symbol: 'EURUSD', type: 'BUY', volumeLots: 0.05 });
    });
    send();
    await lost;
    if (how === 'killed') terminal.startProgram();
  }

  test.each(LOSSES)(
    'kill switch 29: a flatten never opens the other side, also as the position grows by hand: %s',
    (_what, fault, how) =>
      withPositions(1, netting, async (live) => {
        await loseClose(live, fault, how, () => live.rig.send('KILL_SWITCH'));
        await expectFlat(live);
        expectNeverOpposite(live.terminal.broker);
      }),
  );

  test.each(LOSSES)(
    'kill switch 29: CLOSE_POSITION never opens the other side, also as the position grows by hand: %s',
    (_what, fault, how) =>
      withPositions(1, netting, async (live) => {
        const { rig, terminal } = live;
        const ticket = terminal.broker.positions[0]!.ticket;
        await loseClose(live, fault, how, () => rig.send('CLOSE_POSITION', { ticket }, { reqId: 'close' }));
        const { state } = await rig.outcome('close');
        expect(state).toBe(isDoneBy(fault) ? 'DONE' : 'EXPIRED');
        // Nothing but what the person has bought since, or that on top of what was not closed.
        expect(terminal.broker.positions).toMatchObject([{ side: 'BUY', volumeLots: isDoneBy(fault) ? 0.05 : 0.15 }]);
        expect(closeRequests(terminal.broker)).toHaveLength(1);
        await rig.ask('KILL_SWITCH');
        await expectFlat(live);
        expectNeverOpposite(terminal.broker);
      }),
  );

  function isDoneBy(fault: BrokerFault): boolean {
    return fault.kind === 'none' || fault.kind === 'misreport';
  }
});

describe.concurrent('a person trades meanwhile', { timeout: PLAYED_WITHIN_MS }, () => {
  test('kill switch 30: a position that is closed by hand between two tries is gone, and no close is sent for it', () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      const ticket = terminal.broker.positions[0]!.ticket;
      terminal.broker.next({ kind: 'refuse', retcode: RETCODE.REQUOTE });
      void terminal.atNextSend('executed', () => terminal.broker.closeByHand(ticket));
      await rig.ask('KILL_SWITCH');
      await expectFlat(live);
      expect(closedTickets(live)).toHaveLength(1);
      expect(ticketRows(rig).at(-1)).toBe(`${ticket} CLOSED`);
      expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 0, tickets: [{ state: 'GONE' }] });
    }));

  test('kill switch 30: a position that is closed by hand while our close is with the broker is closed once', () =>
    withPositions(1, { broker: { marginMode: 'NETTING' } }, async (live) => {
      const { rig, terminal } = live;
      const ticket = terminal.broker.positions[0]!.ticket;
      void terminal.atNextSend('received', () => terminal.broker.closeByHand(ticket));
      await rig.ask('KILL_SWITCH');
      await expectFlat(live);
      expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 0, tickets: [{ state: 'GONE' }] });
      expectNeverOpposite(terminal.broker);
    }));

  test('kill switch 31: a position that a person opens while the account is flattened is closed too', () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      const byHand = () => {
        terminal.broker.openByHand({ symbol: 'XAUUSD', type: 'BUY', volumeLots: 0.01 });
      };
      void terminal.atNextSend('executed', byHand);
      await rig.ask('KILL_SWITCH');
      await expectFlat(live);
      expect(closeRequests(terminal.broker).map(({ symbol }) => symbol)).toEqual(['EURUSD', 'XAUUSD']);
    }));

  test("kill switch 31: a flatten of the gateway's own leaves what a person opens alone", () =>
    withPositions(1, {}, async (live) => {
      const { rig, terminal } = live;
      const byHand = () => {
        terminal.broker.openByHand({ symbol: 'XAUUSD', type: 'BUY', volumeLots: 0.01 });
      };
      void terminal.atNextSend('executed', byHand);
      await rig.ask('KILL_SWITCH', { flatten: 'gateway' });
      await isPhase(live, 'FLAT');
      expect(closedTickets(live)).toHaveLength(1);
      expect(terminal.broker.positions).toMatchObject([{ symbol: 'XAUUSD' }]);
    }));
});
