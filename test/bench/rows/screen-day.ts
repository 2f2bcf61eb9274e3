import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { systemClock } from '../../../main/clock.ts';
import { openPanel } from '../../../main/control/panel/panel.ts';
import { createLog } from '../../../main/log.ts';
import { openBrowser } from '../../browser.ts';
import { newDataDir } from '../bench-gateway.ts';
import { gatewayFigures } from '../../fakes/gateway-figures.ts';
import { DayService } from '../day-service.ts';
import { fixed, less, more } from '../figures.ts';
import type { Row, Sample } from '../row.ts';

/** A day: what a screen gets in 24 h, at its most. */
const SECONDS = 86_400;
const QUOTES_A_SECOND = 10;
const PARTS = 24;
/** The page is waited for so often: the panel cuts a screen off that falls far behind. */
const LOOK_EVERY_S = 30;
const LOOK_LIMIT_MS = 60_000;
const RENDERER = join(import.meta.dirname, '../../../dist/renderer');
const MB = 1_048_576;

/** A day of prices through the real panel into a real page, as fast as the page takes them. */
export const screenDay: Row = {
  name: 'screen-day',
  rounds: 1,
  isSlow: true,
  about: `24 h of a screen in Chromium at speed: ${SECONDS * QUOTES_A_SECOND} price updates, and every tenth second all other figures and plots, through the panel; the page's JavaScript heap after a collection`,
  figures: [
    more('rate', 'updates of prices the page took', '/s'),
    less('start', 'heap after the first hour', 'MB'),
    less('half', 'half way', 'MB'),
    less('end', 'at the end', 'MB'),
    less('grown', 'grown in the second half', 'MB', fixed('must', 1)),
    less('nodes', 'DOM nodes more than after the first hour', '', fixed('must', 50)),
  ],
  async open(stage, { browser }) {
    if (!browser) return {};
    const service = new DayService();
    const opened = await openPanel({
      ...{ port: 0, dataDir: newDataDir(), files: RENDERER, service, figures: gatewayFigures, userName: 'bench' },
      ...{ clock: systemClock, log: createLog(() => {}) },
    });
    if (!opened.ok) throw new Error(opened.message);
    stage.use({ [Symbol.asyncDispose]: () => opened.panel.stop() });
    const chromium = await openBrowser();
    stage.use({ [Symbol.asyncDispose]: () => chromium.close() });
    const page = await chromium.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(opened.panel.address);
    return { ours: () => measure(page, service) };
  },
};

async function measure(page: Page, service: DayService): Promise<Sample> {
  const session = await page.context().newCDPSession(page);
  const heaps: number[] = [];
  const nodes: number[] = [];
  const startMs = performance.now();
  for (let part = 0; part < PARTS; part += 1) {
    await play(page, service, SECONDS / PARTS);
    heaps.push(await heapOf(session));
    nodes.push(await page.evaluate<number>("document.querySelectorAll('*').length"));
  }
  const tookS = (performance.now() - startMs) / 1_000;
  const [start, half, end] = [heaps[0]!, heaps[PARTS / 2]!, heaps.at(-1)!];
  const rate = (SECONDS * QUOTES_A_SECOND) / tookS;
  return { rate, start, half, end, grown: Math.max(0, end - half), nodes: Math.max(0, nodes.at(-1)! - nodes[0]!) };
}

async function play(page: Page, service: DayService, seconds: number): Promise<void> {
  for (let second = 1; second <= seconds; second += 1) {
    service.playSecond(QUOTES_A_SECOND);
    if (second % LOOK_EVERY_S === 0 || second === seconds) {
      await page.getByText(service.lastBid).first().waitFor({ timeout: LOOK_LIMIT_MS });
    }
  }
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MB;
}
