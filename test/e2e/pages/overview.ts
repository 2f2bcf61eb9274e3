import type { Locator, Page } from 'playwright-core';
import { en } from '../../../main/control/text/en/index.ts';

/** The overview, in English. */
export class Overview {
  readonly page: Page;
  readonly positions: Locator;

  constructor(page: Page) {
    this.page = page;
    this.positions = page.getByRole('region', { name: en.overview.positions.title });
  }

  /** Milliseconds from the loading of this page until prices of the symbol have come, and come anew; on the page's clock. */
  msUntilTick(symbol: string): Promise<number> {
    return this.page.evaluate<number>(`(${MS_UNTIL_TICK})(${JSON.stringify([en.overview.quotes.title, symbol])})`);
  }

  position(symbol: string): Locator {
    return this.positions.getByRole('row').filter({ hasText: symbol });
  }

  async noPositions(): Promise<void> {
    await this.positions.getByText(en.overview.positions.none).waitFor();
  }

  /** Closes the position, with a reason. */
  async close(symbol: string, reason: string): Promise<void> {
    await this.position(symbol).getByRole('button').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel(en.shell.reason).fill(reason);
    await dialog.getByRole('button', { name: en.kill.ticket.closeConfirm }).click();
  }
}

/** Runs in the page, so that what lies between it and a test is not measured. */
const MS_UNTIL_TICK = `([title, symbol]) => new Promise((resolve) => {
  const loaded = () => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
  const prices = () => {
    const card = [...document.querySelectorAll('section')].find((one) => one.querySelector('h2')?.textContent === title);
    const row = [...(card?.querySelectorAll('tr') ?? [])].find((one) => one.cells[0].textContent === symbol);
    return row === undefined ? null : row.cells[1].textContent + ' ' + row.cells[2].textContent;
  };
  let first = null;
  const look = () => {
    const now = prices();
    first ??= now;
    if (now !== first) resolve(performance.now() - loaded());
    else requestAnimationFrame(look);
  };
  look();
})`;
