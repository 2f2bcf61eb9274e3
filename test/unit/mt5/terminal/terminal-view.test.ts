import { describe, expect, it } from 'vitest';
import { COUNTER_AT_START, ORDER, TerminalRig, until } from './rig.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the state', () => {
  it('is unknown until a program has told it, and start waits for that', async () => {
    const rig = await TerminalRig.listening();
    let isStarted = false;
    void rig.starting.then(() => (isStarted = true));
    expect(rig.handler.state()).toEqual({
      ...{ linked: false, linkFault: 'no terminal program has connected yet; see --doctor', connected: false },
      ...{ tradingBlockedBy: [], account: null, marginMode: 'HEDGING', bridgeVersion: '', lastHeardMonoMs: null },
      ...{ latch: null, transport: null, listensOn: [rig.pipePath] },
    });
    const program = await rig.visitor({ marginMode: 'NETTING', tradeMode: 'REAL' });
    await program.hello();
    await until(() => rig.handler.state().bridgeVersion === '1.0.0');
    expect(rig.handler.state()).toMatchObject({ linked: false, account: null, latch: null });
    expect(isStarted).toBe(false);
    program.state(1, { epoch: '3', latched: '1', accountExpert: '0', programAllowed: '0' });
    await until(() => isStarted);
    expect(rig.handler.state()).toEqual({
      ...{ linked: true, linkFault: null, connected: true, marginMode: 'NETTING', bridgeVersion: '1.0.0' },
      tradingBlockedBy: ['MQL_TRADE_ALLOWED', 'ACCOUNT_TRADE_EXPERT'],
      account: { login: '5012345', server: 'MetaQuotes-Demo', mode: 'REAL' },
      ...{ lastHeardMonoMs: 0, latch: { epoch: 3, isOn: true }, transport: 'pipe', listensOn: [rig.pipePath] },
    });
  });

  it('is not waited for longer than the patience', async () => {
    const rig = await TerminalRig.listening({ startPatienceMs: 1_500 });
    await rig.clock.advance(1_500);
    await rig.starting;
    expect(rig.handler.state().linked).toBe(false);
  });

  it('is told on changes, not on every line', async () => {
    const { rig, program } = await TerminalRig.linked();
    const before = rig.states.length;
    for (let beat = 0; beat < 5; beat += 1) rig.tellState(program);
    rig.tellState(program, { connected: '0' });
    await until(() => !rig.handler.state().connected);
    rig.tellState(program, { login: '9', server: 'Real' });
    await until(() => rig.handler.state().account?.login === '9');
    expect(rig.states.length - before).toBe(2);
  });

  it('is away after 2 s of silence, and back with the next byte', async () => {
    const { rig, program } = await TerminalRig.linked();
    await rig.clock.advance(1_999);
    expect(rig.handler.state().linked).toBe(true);
    await rig.clock.advance(1);
    expect(rig.handler.state()).toMatchObject({
      linked: false,
      linkFault: 'the terminal program has been silent for 2 s',
      connected: false,
    });
    expect(await rig.handler.send(ORDER, rig.fence())).toMatchObject({ kind: 'unsent' });
    program.writeRaw('t');
    await until(() => rig.handler.state().linked);
    await rig.clock.advance(2_000);
    expect(rig.handler.state().linked).toBe(false);
  });

  it('keeps what stood last while the link is away', async () => {
    const { rig, program } = await TerminalRig.linked();
    rig.tellState(program, { terminalAllowed: '0' });
    await until(() => rig.handler.state().tradingBlockedBy.length > 0);
    program.close();
    await until(() => !rig.handler.state().linked);
    expect(rig.handler.state()).toMatchObject({
      linkFault: 'the terminal program closed the link',
      tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'],
      account: { login: '5012345' },
    });
  });

  it('bears silence for 60 s while the terminal works on a trading call', async () => {
    const { rig, program } = await TerminalRig.linked();
    void rig.handler.send(ORDER, rig.fence());
    const [id] = await program.request('send');
    await rig.clock.advance(59_000);
    expect(rig.handler.state().linked).toBe(true);
    program.write(id!, 'fenced', '');
    await until(() => rig.handler.state().lastHeardMonoMs === 59_000);
    await rig.clock.advance(2_000);
    expect(rig.handler.state().linked).toBe(false);
  });
});

describe('the validity of an order', () => {
  it('follows the nearest of the pairs of the last minute', async () => {
    const { rig, program } = await TerminalRig.linked();
    const validUntil = async () => {
      void rig.handler.send(ORDER, rig.fence(1_000));
      return Number((await program.request('send'))[4]) - COUNTER_AT_START - rig.clock.monoMs();
    };
    const tell = async (counterAheadMs: number) => {
      program.state(COUNTER_AT_START + rig.clock.monoMs() + counterAheadMs);
      await turn();
    };
    expect(await validUntil()).toBe(1_000);
    // A line that arrived late looks like a counter that runs behind.
    await tell(-300);
    expect(await validUntil()).toBe(1_000);
    await tell(20);
    expect(await validUntil()).toBe(1_020);
    await rig.clock.advance(40_000);
    await tell(-10);
    expect(await validUntil()).toBe(1_020);
    await rig.clock.advance(20_001);
    await tell(-30);
    expect(await validUntil()).toBe(990);
  });
});
