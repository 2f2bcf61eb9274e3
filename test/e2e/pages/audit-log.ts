import type { Download, Locator, Page } from 'playwright-core';
import { en } from '../../../main/control/text/en/index.ts';

/** The audit log, in English. */
export class AuditLogPage {
  readonly page: Page;
  readonly grid: Locator;
  /** Entries that are drawn, without the headings. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.grid = page.getByRole('grid', { name: en.audit.list.label });
    this.rows = this.grid.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
  }

  /** Types a filter and waits until only what matches is shown. */
  async filter(text: string, shown: RegExp): Promise<void> {
    const box = this.page.getByRole('combobox', { name: en.audit.filter.label });
    await box.fill(text);
    await box.press('Enter');
    await this.rows.first().waitFor();
    while (!(await this.rows.allTextContents()).every((row) => shown.test(row))) await this.page.waitForTimeout(20);
  }

  /** Exports what the filter matches as JSON lines, and downloads it; `sha256` is what the screen says of it. */
  async export(): Promise<{ readonly download: Download; readonly sha256: string }> {
    await this.page.getByRole('button', { name: en.audit.export.open }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: en.audit.export.jsonl }).check();
    await dialog.getByRole('button', { name: en.audit.export.run, exact: true }).click();
    const sha256 = await dialog.getByText(/^[0-9a-f]{64}$/).textContent({ timeout: 60_000 });
    const download = this.page.waitForEvent('download');
    await dialog.getByRole('button', { name: /\.jsonl$/ }).click();
    return { download: await download, sha256: sha256 ?? '' };
  }

  /** Has the whole chain checked; what the screen says then. */
  async verify(): Promise<string> {
    const integrity = this.page.getByRole('group', { name: en.audit.integrity.label });
    await integrity.getByRole('button', { name: en.audit.integrity.verify }).click();
    return (await integrity.getByText(/^Verified to/).textContent({ timeout: 60_000 })) ?? '';
  }
}
