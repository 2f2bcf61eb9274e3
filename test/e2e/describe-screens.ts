import { afterAll, describe } from 'vitest';
import { hasSystemPackage } from '../system-packages.ts';
import { closeBrowser, openPanelScreen } from './panel-screen.ts';
import type { OpenScreen } from './screen.ts';
import { openWindowScreen, whyNoWindow } from './window-screen.ts';

/** Whether the panel can be opened here: it needs a browser. */
export const HAS_BROWSER = hasSystemPackage('chromium');

/** The same tests for every screen that can be had here; says why where one cannot. */
export function describeScreens(name: string, tests: (openScreen: OpenScreen) => void): void {
  describePanel(name, () => tests(openPanelScreen));
  const why = whyNoWindow();
  if (why === null) describe(`${name}, in the window`, () => tests(openWindowScreen));
  else console.log(`${name}: not run in the desktop's window, since ${why}`);
}

/** Tests of the panel alone. */
export function describePanel(name: string, tests: () => void): void {
  describe.runIf(HAS_BROWSER)(`${name}, in the panel`, () => {
    afterAll(closeBrowser);
    tests();
  });
  if (!HAS_BROWSER) console.log(`${name}: not run in the panel, since /usr/bin/chromium is missing (Debian: chromium)`);
}
