import type { Locator, Page } from 'playwright-core';
import { en } from '../../../main/control/text/en/index.ts';

export type View = keyof typeof en.shell.views;
export const VIEWS = Object.keys(en.shell.views) as readonly View[];
type Mode = keyof typeof en.shell.mode;

/** The page has been drawn and has heard of the gateway, in whichever language. */
export async function stateIsShown(page: Page): Promise<void> {
  await page
    .getByRole('banner')
    .getByText(/^(?!UNKNOWN$|未知$)/)
    .first()
    .waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** What stands around every view, in English: navigation, trading state, kill control, banner. */
export class Frame {
  readonly page: Page;
  /** The kill control, whatever it says. */
  readonly kill: Locator;
  /** The banner while trading is not on. */
  readonly banner: Locator;

  constructor(page: Page) {
    this.page = page;
    this.kill = page.getByRole('banner').getByRole('button', { name: /halt|close/i });
    this.banner = page.getByRole('region', { name: en.kill.banner.label });
  }

  /** Waits until the trading state is told as this. */
  async shows(mode: Mode, withinMs = 10_000): Promise<void> {
    const state = this.page.getByRole('group', { name: en.shell.state });
    await state.getByText(en.shell.mode[mode], { exact: true }).waitFor({ timeout: withinMs });
  }

  async goTo(view: View): Promise<void> {
    await this.page.getByRole('link', { name: en.shell.views[view], exact: true }).click();
    await this.page.getByRole('heading', { level: 1, name: en.shell.views[view] }).waitFor();
  }

  /** Through the dialog, as an operator does. */
  async resume(reason: string): Promise<void> {
    await this.banner.getByRole('button', { name: en.kill.banner.resume }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel(en.shell.reason).fill(reason);
    await dialog.getByLabel('Type RESUME to confirm').fill('RESUME');
    await dialog.getByRole('button', { name: en.kill.resume.confirm }).click();
  }
}
