import type { Browser } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { RunningGateway } from '../running-gateway.ts';
import { dataFolder } from './data-folder.ts';
import { stateIsShown } from './pages/frame.ts';
import { complaintsOf, type Screen, type ScreenOptions } from './screen.ts';

/** The panel outlives its gateway: it can be ended, and started anew on the same ports. */
export interface PanelScreen extends Screen {
  readonly gateway: RunningGateway;
  /** Starts the gateway again where it was, after it has ended. */
  restart(): Promise<void>;
}

let browser: Promise<Browser> | null = null;

/** Ends the browser that the screens of this file have shared. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** A gateway as a process of its own, and its panel in a browser. */
export async function openPanelScreen(options: ScreenOptions = {}): Promise<PanelScreen> {
  const { viewport = { width: 1280, height: 800 }, theme = 'light', language = 'en', flags = [] } = options;
  browser ??= openBrowser();
  const folder = dataFolder(options.dataDir);
  let gateway = await RunningGateway.start({ dataDir: folder.path, flags: ['--panel-port', '0', ...flags] });
  const address = gateway.panel;
  const context = await (await browser).newContext({ viewport, colorScheme: theme, locale: language });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(address);
  await stateIsShown(page);
  return {
    ...{ page, complaints, dataDir: folder.path, ports: gateway.ports },
    get gateway() {
      return gateway;
    },
    restart: async () => {
      const where = ['--panel-port', new URL(address).port];
      const { ports } = gateway;
      gateway = await RunningGateway.start({ dataDir: folder.path, ports, flags: [...where, ...flags] });
    },
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await gateway.stop();
      folder[Symbol.dispose]();
    },
  };
}
