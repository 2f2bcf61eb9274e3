import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openBrowser } from '../../browser.ts';
import { BenchGateway, newDataDir } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less } from '../figures.ts';
import type { Row, Sample } from '../row.ts';
import { median } from '../statistics.ts';

const ROWS = 1_000_000;
const LONGEST_MS = 120_000;
const SCROLLS = 60;
const FILTER = 'client:gamma symbol:EURUSD';
const HEARTBEATS = 5;
/** Between two batches of heartbeats: flat out they would take the cores that the page needs. */
const PAUSE_MS = 200;
/** Until the page has drawn itself. */
const SETTLE_MS = 2_000;

/** The audit log in a browser, over the panel: what each step costs until it is painted, and whether trading notices. */
export const screenLog: Row = {
  name: 'screen-log',
  rounds: 1,
  isSlow: true,
  about: `the audit log view in Chromium on ${ROWS} rows: each step from the input to its paint, and HEARTBEATs of the gateway meanwhile`,
  figures: [
    less('open', 'open the view until rows are painted', 'ms', fixed('must', 100)),
    less('scrollSlowest', `scroll by a page, slowest of ${SCROLLS}`, 'ms', fixed('must', 100)),
    less('typeSlowest', `type a letter of a filter, slowest of ${FILTER.length}`, 'ms', fixed('must', 100)),
    less('filter', 'apply the filter until its rows are painted', 'ms', fixed('must', 100)),
    less('longTask', 'longest task of the page in all of it', 'ms', fixed('aim', 100)),
    less('idle', 'HEARTBEAT p99, idle', 'ms'),
    less('meanwhile', 'HEARTBEAT p99 meanwhile', 'ms', fixed('aim', 3)),
  ],
  async open(stage, { browser }) {
    if (!browser) return {};
    const dataDir = newDataDir();
    const log = stage.use(BenchChild.node('audit-log.ts', dataDir));
    await log.ask('build', { count: ROWS }, LONGEST_MS);
    const gateway = stage.use(await BenchGateway.startIn(dataDir, '--panel-port', '0'));
    const client = stage.use(BenchChild.node('raw-client.ts', gateway.ports.command));
    await client.ask('latency', { count: 5_000 });
    const chromium = await openBrowser();
    stage.use({ [Symbol.asyncDispose]: () => chromium.close() });
    const page = await chromium.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(IN_PAGE);
    await page.goto(gateway.panel);
    await page.getByRole('link', { name: 'Audit log' }).waitFor();
    await sleep(SETTLE_MS);
    return { ours: () => measure(page, client) };
  },
};

async function measure(page: Page, client: BenchChild): Promise<Sample> {
  const idle = median(await heartbeatsWhile(client, sleep(3_000)));
  const walking = walk(page);
  const meanwhile = median(await heartbeatsWhile(client, walking));
  return { ...(await walking), idle, meanwhile };
}

async function walk(page: Page): Promise<Sample> {
  await page.evaluate('forget()');
  const timed = (act: string, until: string) => page.evaluate<number>(`step(() => { ${act} }, () => ${until})`);
  const open = await timed("location.hash = '#/audit'", "count('[role=grid] [role=row]') > 10");
  const scrolls: number[] = [];
  for (let turn = 0; turn < SCROLLS; turn += 1) {
    scrolls.push(await timed("one('[role=grid]').scrollBy(0, 640)", "isPainted('[role=grid] [role=row]')"));
  }
  const box = page.getByRole('combobox');
  await box.focus();
  const letters: number[] = [];
  for (const letter of FILTER) {
    await page.evaluate('startKey()');
    await page.keyboard.type(letter);
    letters.push(await page.evaluate<number>('endKey()'));
  }
  await page.evaluate('startKey()');
  await page.keyboard.press('Enter');
  const filter = await page.evaluate<number>("endKey(() => all('[role=grid] [role=row]', /gamma/))");
  const longTask = await page.evaluate<number>('longest()');
  return { open, scrollSlowest: Math.max(...scrolls), typeSlowest: Math.max(...letters), filter, longTask };
}

/** The p99 of each batch of heartbeats, in milliseconds, as long as something goes on. */
async function heartbeatsWhile(client: BenchChild, something: Promise<unknown>): Promise<number[]> {
  const over = new AbortController();
  const ended = something.finally(() => over.abort());
  const batches: number[] = [];
  do {
    const { p99 } = await client.ask('latency', { count: HEARTBEATS });
    batches.push(p99! / 1_000);
    await sleep(PAUSE_MS);
  } while (!over.signal.aborted);
  await ended;
  return batches;
}

/** Measures inside the page, on its own clock: from the input to the frame after which the condition holds. */
const IN_PAGE = `
  const one = (selector) => document.querySelector(selector);
  const count = (selector) => document.querySelectorAll(selector).length;
  const isPainted = (selector) => [...document.querySelectorAll(selector)].slice(1).filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > 200 && top < innerHeight - 60;
  }).every((row) => /\\d/.test(row.textContent));
  const all = (selector, text) => {
    const rows = [...document.querySelectorAll(selector)].slice(1);
    return rows.length > 5 && rows.every((row) => text.test(row.textContent));
  };
  const painted = (holds) => new Promise((resolve) => {
    const look = () => requestAnimationFrame(() => setTimeout(() => (holds() ? resolve() : look())));
    look();
  });
  async function step(act, holds) {
    const start = performance.now();
    act();
    await painted(holds);
    return performance.now() - start;
  }
  let keyAt = 0;
  function startKey() {
    keyAt = 0;
    addEventListener('keydown', (event) => { keyAt = event.timeStamp; }, { capture: true, once: true });
  }
  async function endKey(holds = () => true) {
    await painted(holds);
    return performance.now() - keyAt;
  }
  let longestMs = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
  }).observe({ type: 'longtask' });
  const longest = () => longestMs;
  const forget = () => { longestMs = 0; };
  Object.assign(window, { one, count, isPainted, all, step, startKey, endKey, longest, forget });
`;
