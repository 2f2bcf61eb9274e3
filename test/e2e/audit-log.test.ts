import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRows } from '../bench/million-rows.ts';
import { runProgram } from '../running-gateway.ts';
import { dataFolder } from './data-folder.ts';
import { describeScreens } from './describe-screens.ts';
import { AuditLogPage } from './pages/audit-log.ts';
import { Frame } from './pages/frame.ts';
import type { Screen } from './screen.ts';

const ROWS = 100_000;
const FILTERED_WITHIN_MS = 2_000;

describeScreens('the audit log of 100,000 entries', (openScreen) => {
  const folder = dataFolder();
  let screen: Screen;
  let log: AuditLogPage;

  beforeAll(async () => {
    writeRows(folder.path, ROWS);
    screen = await openScreen({ dataDir: folder.path });
    log = new AuditLogPage(screen.page);
    await new Frame(screen.page).goTo('audit');
  }, 240_000);

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('is shown newest first, and filtered while one waits', async () => {
    await log.rows.first().waitFor();
    const start = performance.now();
    await log.filter('client:midas symbol:XAUUSD', /midas.*XAUUSD/);
    expect(performance.now() - start).toBeLessThan(FILTERED_WITHIN_MS);
    expect(screen.page.url()).toContain('midas');
    expect(screen.complaints).toEqual([]);
  });

  it('is exported byte for byte as the command line does', async () => {
    await log.filter('client:midas', /midas/);
    const { download, sha256 } = await log.export();
    const fromScreen = readFileSync(await download.path());
    const out = join(folder.path, 'by-command-line', 'midas.jsonl');
    mkdirSync(dirname(out));
    const words = ['--audit', 'export', '--client', 'midas', '--format', 'jsonl', '--out', out];
    expect(await runProgram(...words, '--data-dir', folder.path)).toMatchObject({ code: 0 });
    expect(fromScreen.equals(readFileSync(out))).toBe(true);
    expect(createHash('sha256').update(fromScreen).digest('hex')).toBe(sha256);
    expect(screen.complaints).toEqual([]);
  });

  it('is verified to its head', async () => {
    await screen.page.keyboard.press('Escape');
    expect(await log.verify()).toMatch(/^Verified to entry 100,0\d\d at \d\d:\d\d$/);
    expect(screen.complaints).toEqual([]);
  });
});
