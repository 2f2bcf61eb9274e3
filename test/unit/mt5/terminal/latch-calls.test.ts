import { describe, expect, it } from 'vitest';
import { settle } from '../../../fakes/simulated-clock.ts';
import { ORDER, TerminalRig, until } from './rig.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('halt and release', () => {
  it('resolve with their ack, and by it the latch is known', async () => {
    const { rig, program } = await TerminalRig.linked();
    const halted = rig.handler.halt(5);
    expect(await program.next(([kind]) => kind === 'halt')).toEqual(['halt', '5']);
    program.write('ack', '4', '1');
    program.write('ack', '5', '0');
    program.write('ack', '5', '1');
    expect(await halted).toBe(true);
    expect(rig.handler.state().latch).toEqual({ epoch: 5, isOn: true });
    const released = rig.handler.release(6);
    expect(await program.next(([kind]) => kind === 'resume')).toEqual(['resume', '6']);
    program.write('ack', '6', '0');
    expect(await released).toBe(true);
    expect(rig.handler.state().latch).toEqual({ epoch: 6, isOn: false });
  });

  it('take a latch at a newer epoch for an ack of a halt, not of a release', async () => {
    const { rig, program } = await TerminalRig.linked();
    const halted = rig.handler.halt(5);
    const released = rig.handler.release(6);
    program.write('ack', '9', '1');
    program.write('ack', '9', '0');
    expect(await halted).toBe(true);
    await rig.clock.advance(5_000);
    expect(await released).toBe(false);
  });

  it('are false without a link, when it is lost, and after 5 s', async () => {
    const rig = await TerminalRig.listening();
    expect(await rig.handler.halt(1)).toBe(false);
    const program = await rig.link();
    const unanswered = rig.handler.halt(2);
    await rig.clock.advance(4_999);
    const lost = rig.handler.halt(3);
    await rig.clock.advance(1);
    expect(await unanswered).toBe(false);
    program.close();
    expect(await lost).toBe(false);
  });

  it('overtake what waits for a program that does not read', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.pause();
    for (let count = 0; count < 300; count += 1) {
      void rig.handler.send({ ...ORDER, comment: 'x'.repeat(20_000) }, rig.fence());
    }
    await settle();
    const halted = rig.handler.halt(7);
    program.resume();
    await program.next(([kind]) => kind === 'halt');
    const before = program.lines.length;
    expect(before).toBeLessThan(250);
    program.write('ack', '7', '1');
    expect(await halted).toBe(true);
    await until(() => program.lines.length === 300 + 1);
  });

  it('are written to a program that is silent or has not told its state', async () => {
    const rig = await TerminalRig.listening();
    const program = await rig.visitor();
    await program.hello();
    const halted = rig.handler.halt(2);
    program.write('ack', '2', '1');
    expect(await halted).toBe(true);
    expect(rig.handler.state()).toMatchObject({ linked: false, latch: { epoch: 2, isOn: true } });
  });
});

describe('subscriptions', () => {
  it('go out once a turn, and again to each program', async () => {
    const { rig, program } = await TerminalRig.linked();
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe']);
    rig.handler.subscribe(new Set(['A']));
    rig.handler.subscribe(new Set(['A', 'B\tC']));
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'A', 'B\tC']);
    rig.handler.subscribe(new Set(['D']));
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'D']);
    program.close();
    await until(() => !rig.handler.state().linked);
    rig.handler.subscribe(new Set(['E']));
    await turn();
    const again = await rig.link();
    expect(await again.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'E']);
    await turn();
    expect(again.lines).toEqual([]);
  });

  it('end where a line does', async () => {
    const { rig, program } = await TerminalRig.linked();
    rig.handler.subscribe(new Set(Array.from({ length: 2_000 }, (_, at) => `${at}`.padStart(39, 'S'))));
    const line = await program.next(([kind, ...symbols]) => kind === 'subscribe' && symbols.length > 0);
    expect(line).toHaveLength(1 + Math.floor((65_536 - 9) / 40));
  });
});
