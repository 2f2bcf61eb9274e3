import { describe, expect, it } from 'vitest';
import type { LineFaultKind } from '../../../../main/mt5/terminal/line-fault.ts';
import type { BridgeProgram } from '../../../fakes/bridge-program.ts';
import { seededRandom } from './random-bytes.ts';
import { TerminalRig, until } from './rig.ts';

const STATE = 'state\t5\t1\t1\t1\t1\t1\t5012345\tMetaQuotes-Demo\tDEMO\tHEDGING\t7200\t0\t0';
const POSITION = '1\t1\tEURUSD\tBUY\t1\t1\t1\t0\t0\t0\t0\t7\tc\t1\t2';
const TICK = 'tick\tEURUSD\t1.17\t1.17\t0\t0\t1\t6\n';

const BAD: readonly (readonly [string, LineFaultKind])[] = [
  ['', 'UNKNOWN_KIND'],
  ['\t', 'UNKNOWN_KIND'],
  ['nonsense', 'UNKNOWN_KIND'],
  ['hello\t1\tf00d', 'UNKNOWN_KIND'],
  ['constructor', 'UNKNOWN_KIND'],
  ['-1\tok', 'UNKNOWN_KIND'],
  ['1.5\tok', 'UNKNOWN_KIND'],
  ['0\tok', 'UNKNOWN_REQUEST'],
  ['7\tok', 'UNKNOWN_REQUEST'],
  ['999999999999999\tdone', 'UNKNOWN_REQUEST'],
  [Array(65).fill('x').join('\t'), 'FIELD_COUNT'],
  ['log\tinfo', 'FIELD_COUNT'],
  ['log\tdebug\ttext', 'ENUMERATION'],
  ['log\tinfo\ta\\qb', 'ESCAPE'],
  ['log\tinfo\tcut\\', 'ESCAPE'],
  ['ack', 'FIELD_COUNT'],
  ['ack\t5', 'FIELD_COUNT'],
  ['ack\tfive\t1', 'NUMBER'],
  ['ack\t-5\t1', 'NUMBER'],
  ['ack\t5\tyes', 'NUMBER'],
  ['ack\t99999999999999999\t1', 'NUMBER'],
  [STATE.replace('\t7200', '\t7200.5'), 'NUMBER'],
  [STATE.replace('\t5\t', '\tnan\t'), 'NUMBER'],
  [STATE.replace('DEMO', 'PAPER'), 'ENUMERATION'],
  [STATE.replace('HEDGING', 'EXCHANGE'), 'ENUMERATION'],
  [STATE.slice(0, -4), 'FIELD_COUNT'],
  ['trade', 'FIELD_COUNT'],
  ['trade\tposition-moved\t1', 'ENUMERATION'],
  [`trade\tposition-opened\t${POSITION.replace('BUY', 'buy')}`, 'ENUMERATION'],
  [`trade\tposition-opened\t${POSITION.replace('1\t1\t', '18446744073709551616\t1\t')}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.replace('1\t1\t', '-1\t1\t')}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.replace('BUY\t1', 'BUY\tinf')}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.replace('BUY\t1', 'BUY\t1e3')}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.replace('BUY\t1', `BUY\t${'9'.repeat(400)}`)}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.replace('\t7\tc', '\t0x7\tc')}`, 'NUMBER'],
  [`trade\tposition-opened\t${POSITION.slice(0, -2)}`, 'FIELD_COUNT'],
  ['tick\tEURUSD\tnan\t1\t0\t0\t1\t6', 'NUMBER'],
  ['tick\tEURUSD\t1', 'FIELD_COUNT'],
  ['tick', 'UNKNOWN_KIND'],
];

async function ticking(): Promise<{ rig: TerminalRig; program: BridgeProgram; ticks: () => number }> {
  const { rig, program } = await TerminalRig.linked();
  let count = 0;
  rig.handler.onTicks((ticks) => (count += ticks.length));
  return { rig, program, ticks: () => count };
}

describe('a line that the language does not have', () => {
  it.each(BAD)('is refused and counted: %j is %s', async (line, kind) => {
    const { rig, program, ticks } = await ticking();
    program.writeRaw(`${line}\n${TICK}`);
    await until(() => ticks() === 1);
    expect(rig.handler.stats().badLines).toEqual({ [kind]: 1 });
    expect(rig.handler.state().linked).toBe(true);
  });

  it('is logged once a minute and kind', async () => {
    const { rig, program } = await ticking();
    const logged = () => rig.logged.filter(({ event }) => event === 'bridge-line-refused').map(({ fields }) => fields);
    program.writeRaw('x\ny\nz\nack\tnan\t1\n');
    await until(() => rig.badLines() === 4);
    expect(logged()).toEqual([
      { kind: 'UNKNOWN_KIND', message: 'no such line: "x"', count: 1 },
      { kind: 'NUMBER', message: 'ack: epoch is "nan"', count: 1 },
    ]);
    await rig.clock.advance(60_000);
    program.writeRaw('x\n');
    await until(() => rig.badLines() === 5);
    expect(logged()).toHaveLength(3);
    expect(logged()[2]).toMatchObject({ kind: 'UNKNOWN_KIND', count: 4 });
  });

  it('does not harm the good ones around it, whatever its bytes are and wherever reads end', async () => {
    const { rig, program, ticks } = await ticking();
    const random = seededRandom(20261127);
    const good = [STATE, TICK.trimEnd(), `trade\tposition-opened\t${POSITION}`, 'ack\t5\t1', 'log\tinfo\ttext'];
    let sent = 0;
    for (let round = 0; round < 300; round += 1) {
      const lines: Buffer[] = [];
      for (let line = 0; line < 40; line += 1) {
        lines.push(random.mangled(Buffer.from(good[random.below(good.length)] ?? '')), Buffer.from(TICK));
        sent += 1;
      }
      for (const piece of random.cut(Buffer.concat(lines))) program.writeRaw(piece);
      if (round % 20 === 0) await until(() => ticks() >= sent);
    }
    await until(() => ticks() >= sent);
    expect(rig.handler.state().linked).toBe(true);
    expect(rig.badLines()).toBeGreaterThan(5_000);
    program.answer('positions', () => [['ok']]);
    expect(await rig.handler.positions()).toEqual({ ok: true, value: [] });
  });

  it('is all that random bytes are', async () => {
    const { rig, program, ticks } = await ticking();
    const random = seededRandom(7);
    for (let round = 1; round <= 100; round += 1) {
      program.writeRaw(Buffer.concat([random.bytes(8_000), Buffer.from(`\n${TICK}`)]));
      await until(() => ticks() >= round);
    }
    expect(rig.handler.state().linked).toBe(true);
  });

  it('is refused at the door too, also when it is random bytes', async () => {
    const rig = await TerminalRig.listening();
    const random = seededRandom(11);
    for (let visit = 0; visit < 50; visit += 1) {
      const visitor = await rig.visitor();
      visitor.writeRaw(Buffer.concat([random.bytes(500), Buffer.from('\n')]));
      await visitor.untilClosed();
    }
    expect(rig.handler.stats().refused).toEqual({ MALFORMED: 50 });
    await rig.link();
  });
});
