import { systemClock } from '../../clock.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { BrainIo, Screen } from '../cli/brain-io.ts';
import type { Session } from '../cli/session.ts';
import { watchView } from './watch-view.ts';
import { Watcher } from './watcher.ts';

/** A change shows after at most so long; no frame is drawn twice. */
const REDRAW_MS = 100;
/** `--once` waits so long for a tick of each symbol. */
const TICK_WAIT_MS = 1_000;
const PLAIN_COLUMNS = 80;

/** Prints one frame, as soon as everything in it is known. */
export async function printOnce({ client, io }: Session, symbols: readonly string[]): Promise<ExitCode> {
  const watcher = new Watcher(client, systemClock, symbols);
  const running = watcher.run();
  const untilMs = systemClock.monoMs() + client.settings.timeoutMs;
  const ticksUntilMs = systemClock.monoMs() + TICK_WAIT_MS;
  for (;;) {
    const { link, positions } = watcher.model.state(systemClock.monoMs());
    const isComplete = link.kind === 'live' && positions.kind !== 'unknown';
    const nowMs = systemClock.monoMs();
    if (isComplete && (watcher.model.hasTicks || nowMs > ticksUntilMs)) break;
    if (nowMs > untilMs || io.stop.aborted) break;
    await new Promise<void>((resolve) => systemClock.after(REDRAW_MS / 2, resolve));
  }
  const state = watcher.model.state(systemClock.monoMs());
  watcher.stop();
  await running;
  const columns = io.screen?.size().columns ?? PLAIN_COLUMNS;
  const lines = watchView(state, { columns, rows: Infinity, colour: io.screen !== null && isColourful(io) });
  await io.out(`${lines.join('\n')}\n`);
  return state.link.kind === 'live' ? EXIT.ok : EXIT.unavailable;
}

/** Draws until it is told to end. Refuses where there is no terminal. */
export async function watch(session: Session, symbols: readonly string[]): Promise<ExitCode> {
  const { client, io } = session;
  const { screen } = io;
  if (screen === null) {
    io.err(`${io.program}: watch needs a terminal; without one use events or ticks, or watch --once\n`);
    return EXIT.usage;
  }
  const watcher = new Watcher(client, systemClock, symbols);
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  io.stop.addEventListener('abort', end, { once: true });
  if (io.stop.aborted) end();
  const drawing = new Drawing(screen, watcher, isColourful(io));
  screen.open({ resize: () => drawing.redraw(), key: (key) => isQuit(key) && end() });
  try {
    drawing.start();
    const running = watcher.run();
    await Promise.race([ended, running]);
    watcher.stop();
    await running;
    return EXIT.ok;
  } finally {
    io.stop.removeEventListener('abort', end);
    drawing.stop();
    screen.close();
  }
}

/** Draws what has changed. */
class Drawing {
  readonly #screen: Screen;
  readonly #watcher: Watcher;
  readonly #colour: boolean;
  #shown = '';
  #cancel: () => void = () => {};

  constructor(screen: Screen, watcher: Watcher, colour: boolean) {
    this.#screen = screen;
    this.#watcher = watcher;
    this.#colour = colour;
  }

  start(): void {
    this.#draw();
    this.#cancel = systemClock.after(REDRAW_MS, () => this.start());
  }

  /** The terminal has another size: what stands there is no longer what was drawn. */
  redraw(): void {
    this.#shown = '';
  }

  stop(): void {
    this.#cancel();
  }

  #draw(): void {
    const { columns, rows } = this.#screen.size();
    const state = this.#watcher.model.state(systemClock.monoMs());
    const lines = watchView(state, { columns, rows, colour: this.#colour });
    // Each line clears what stood behind it, the last one everything below.
    const frame = lines.map((line) => `${line}\u001b[K`).join('\r\n');
    if (frame === this.#shown) return;
    this.#shown = frame;
    this.#screen.write(`\u001b[H${frame}\u001b[J`);
  }
}

function isColourful({ environment }: BrainIo): boolean {
  return (environment['NO_COLOR'] ?? '') === '';
}

function isQuit(key: string): boolean {
  return key === 'q' || key === 'Q' || key === '\u0003';
}
