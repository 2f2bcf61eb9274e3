import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from '../../../../main/brain/cli/brain-io.ts';
import { runBrain } from '../../../../main/brain/index.ts';
import { FakeGateway, successTo, until, type Script } from '../../../fakes/fake-gateway.ts';
import { leasing } from '../../../fakes/leasing-gateway.ts';
import { brain, recordedIo } from '../recorded-io.ts';

const story = { mode: 'TRADING', session: 'one' };
const account = { balance: 5_000, equity: 5_000, margin: 0, margin_free: 5_000, margin_level: 0, currency: 'USD' };
const position = { ticket: 7, symbol: 'EURUSD', type: 'BUY', volume: 0.1, open_price: 1, current_price: 1, profit: 0 };
const answers: Script = (request) => {
  if (request.action === 'GET_ACCOUNT_INFO') return { body: successTo(request, account) };
  if (request.action === 'GET_POSITIONS') return { body: successTo(request, [position]) };
  if (request.action === 'GET_TICK')
    return { body: successTo(request, { symbol: 'EURUSD', bid: 1, ask: 2, time_msc: 0 }) };
  return leasing(story)(request);
};

let gateway: FakeGateway;
beforeEach(async () => {
  story.mode = 'TRADING';
  gateway = await FakeGateway.start(answers);
});
afterEach(() => gateway.shut());

/** A terminal of 80 by 24 that keeps what is written to it. */
class FakeScreen implements Screen {
  frames: string[] = [];
  isOpen = false;
  rows = 24;
  key: (key: string) => void = () => {};
  resize: () => void = () => {};

  readonly size = () => ({ columns: 80, rows: this.rows });
  readonly write = (text: string) => void this.frames.push(text);
  readonly close = () => void (this.isOpen = false);
  readonly open = (on: { resize: () => void; key: (key: string) => void }) => {
    this.isOpen = true;
    this.key = on.key;
    this.resize = on.resize;
  };

  get last(): string {
    return this.frames.at(-1) ?? '';
  }
}

function watching(environment: Record<string, string> = {}, ...words: string[]) {
  const screen = new FakeScreen();
  const { io, said, stop } = recordedIo(environment);
  const code = runBrain(['watch', ...words, ...gateway.flags], { ...io, screen });
  return { screen, said, stop, code };
}

describe('watch', () => {
  it('takes the screen, draws what changes and only then, and gives the screen back at q', async () => {
    const { screen, code } = watching({ NO_COLOR: '1' });
    await until(() => screen.last.includes('Balance 5,000.00') && screen.last.includes('EURUSD'));
    expect(screen.isOpen).toBe(true);
    expect(screen.last).toMatch(/^\u001b\[HMT5 Fabric/);
    expect(screen.last).toContain('account UNKNOWN  TRADING');
    const drawn = screen.frames.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(screen.frames.length).toBe(drawn);
    story.mode = 'HALTED';
    await until(() => screen.last.includes('*** HALTED ***'));
    expect(screen.frames.length).toBe(drawn + 1);
    screen.key('q');
    expect(await code).toBe(0);
    expect(screen.isOpen).toBe(false);
  });

  it('draws at most ten times a second, however fast the ticks', async () => {
    const { screen, code } = watching({}, 'EURUSD');
    await until(() => gateway.tickSubscribers > 0 && screen.last.includes('EURUSD'));
    const before = screen.frames.length;
    const startedMs = performance.now();
    for (let seq = 1; performance.now() - startedMs < 600; seq += 1) {
      await gateway.publishTick({ symbol: 'EURUSD', bid: 1 + (seq % 1_000) / 1_000, ask: 3, time_msc: 0, seq });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const drawn = screen.frames.length - before;
    expect(drawn).toBeGreaterThan(1);
    expect(drawn).toBeLessThanOrEqual((performance.now() - startedMs) / 100 + 1);
    screen.key('\u0003');
    expect(await code).toBe(0);
  });

  it('says at once when the gateway has gone, and when it is back', async () => {
    const { screen, code, stop } = watching();
    await until(() => screen.last.includes('TRADING'));
    await gateway.shut();
    await until(() => screen.last.includes('NO ANSWER SINCE'), 4_000);
    expect(screen.last).not.toContain('TRADING');
    await gateway.open();
    await until(() => screen.last.includes('TRADING'));
    stop.abort();
    expect(await code).toBe(0);
    expect(screen.isOpen).toBe(false);
  });

  it('fits a screen that changes its size', async () => {
    const { screen, code } = watching();
    await until(() => screen.last.includes('EVENTS'));
    screen.rows = 4;
    screen.resize();
    await until(() => !screen.last.includes('EVENTS'));
    expect(screen.last.split('\r\n').length).toBeLessThanOrEqual(4);
    screen.key('q');
    await code;
  });

  it('gives the screen back when something happens that should not', async () => {
    const screen = new FakeScreen();
    const { io, said } = recordedIo();
    gateway.script = (request) => ({ body: successTo(request, request.action === 'GET_POSITIONS' ? 5 : account) });
    const code = runBrain(['watch', ...gateway.flags], { ...io, screen });
    expect(await code).toBe(70);
    expect(screen.isOpen).toBe(false);
    expect(said.err).toContain('internal error');
  });

  it('without a terminal names what there is instead', async () => {
    const ran = await brain(['watch', ...gateway.flags]);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toContain('use events or ticks, or watch --once');
  });

  it('--once prints one frame without colours, and ends with 75 where nobody answers', async () => {
    const once = await brain(['watch', '--once', ...gateway.flags]);
    expect(once).toMatchObject({ code: 0, err: '' });
    expect(once.out).toContain('TRADING\nBalance 5,000.00');
    expect(once.out).toMatch(/EURUSD +1 +2 +1 +\?/);
    expect(once.out).not.toContain('\u001b');
    await gateway.shut();
    const nobody = await brain(['watch', '--once', '--timeout-ms', '200', ...gateway.flags]);
    expect(nobody.code).toBe(75);
    expect(nobody.out).toContain('mode UNKNOWN, no answer yet');
  });
});
