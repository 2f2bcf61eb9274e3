import { describe, expect, it } from 'vitest';
import { LineLog } from '../../../../main/brain/strategy/strategy-log.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

function logging(json = false) {
  const lines: string[] = [];
  const out = (text: string) => {
    lines.push(text);
    return Promise.resolve();
  };
  return { lines, log: new LineLog(new SimulatedClock(), out, json) };
}

describe("a strategy's log", () => {
  it('writes one line with time and level, fields behind the message', () => {
    const { lines, log } = logging();
    log.info('opened', { ticket: 9007199254740993n });
    log.warn('late');
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}INFO {3}opened {2}\{"ticket":9007199254740993\}\n$/,
    );
    expect(lines[1]).toMatch(/ WARN {3}late\n$/);
  });

  it('keeps a message on its line, whatever is in it', () => {
    const { lines, log } = logging();
    log.error('two\nlines \u001b[31m');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/ERROR {2}two\\u\{a\}lines \\u\{1b\}\[31m\n$/);
  });

  it('writes JSON for programs', () => {
    const { lines, log } = logging(true);
    log.warn('odd', { code: 'X' });
    expect(JSON.parse(lines[0]!)).toEqual({
      ...{ time: expect.stringMatching(/^\d{4}-.*Z$/) as string, level: 'warn', message: 'odd', code: 'X' },
    });
  });

  it('never throws: an error is its message, and what JSON has nothing for is text', () => {
    const { lines, log } = logging(true);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info('a', { error: new RangeError('no'), nothing: undefined });
    log.info('b', { circle, nan: NaN });
    expect(JSON.parse(lines[0]!)).toMatchObject({ error: 'RangeError: no' });
    expect(JSON.parse(lines[1]!)).toMatchObject({ circle: '[object Object]', nan: 'NaN' });
    const broken = new LineLog(new SimulatedClock(), () => Promise.reject(new Error('closed')), false);
    expect(() => broken.info('x')).not.toThrow();
  });

  it('drops what a blocked output has no room for, and says how much once it goes on', async () => {
    let release: () => void = () => {};
    const blocked = new Promise<void>((resolve) => (release = resolve));
    const lines: string[] = [];
    const log = new LineLog(
      new SimulatedClock(),
      (text) => {
        lines.push(text);
        return blocked;
      },
      true,
    );
    for (let n = 0; n < 1_005; n += 1) log.info(`line ${n}`);
    expect(lines).toHaveLength(1_000);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    log.info('again');
    expect(lines.slice(1_000).map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', lost: 5 },
      { message: 'again' },
    ]);
  });
});
