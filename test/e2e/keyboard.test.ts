import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { Brain } from './brain.ts';
import { describeScreens } from './describe-screens.ts';
import { Frame } from './pages/frame.ts';
import { Overview } from './pages/overview.ts';

const MOST_TABS = 60;

/** What has the focus, in words. */
const focused = (page: Page) =>
  page.evaluate<string>(
    "(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()",
  );

/** Tabs on until something of this name has the focus, and says whether the focus can be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    if (!name.test(await focused(page))) continue;
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")).toBe(true);
    return;
  }
  throw new Error(`${MOST_TABS} tabs led to nothing called ${name.source}`);
}

describeScreens('the keyboard alone', (openScreen) => {
  it('leads past the navigation, into every view', async () => {
    await using screen = await openScreen();
    const { page } = screen;
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    for (const name of ['Brains', 'Audit log', 'MetaTrader', 'Settings', 'Overview']) {
      await page.evaluate('document.activeElement.blur()');
      await tabTo(page, new RegExp(`^${name}$`));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    expect(screen.complaints).toEqual([]);
  });

  it('halts, closes all and resumes', async () => {
    await using screen = await openScreen();
    const { page } = screen;
    const frame = new Frame(page);
    await frame.shows('TRADING');
    await new Brain(screen).open('EURUSD', '0.10');
    await new Overview(page).position('EURUSD').waitFor();

    await page.keyboard.press('Control+Shift+K');
    await frame.shows('HALTED');
    await page.getByRole('button', { name: 'Close 1 position', disabled: false }).waitFor();
    expect(await focused(page)).toBe('Close 1 position');
    await page.keyboard.press('Enter');
    await frame.banner.getByText('Everything is closed and verified').waitFor();

    await tabTo(page, /^Resume trading…$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Resume trading…');

    await page.keyboard.press('Enter');
    // Back over the word to the reason.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('all is well again');
    await page.keyboard.press('Tab');
    await page.keyboard.type('RESUME');
    await tabTo(page, /^Resume trading$/);
    await page.keyboard.press('Enter');
    await frame.shows('TRADING');
    expect(screen.complaints).toEqual([]);
  });
});
