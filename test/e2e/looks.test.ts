import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUES } from '../../main/control/text/index.ts';
import { runProgram } from '../running-gateway.ts';
import { violationsOf } from './axe.ts';
import { Brain } from './brain.ts';
import { describeScreens } from './describe-screens.ts';
import { stateIsShown, VIEWS } from './pages/frame.ts';
import type { Screen } from './screen.ts';

const LOOKS = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).map((language) => ({ theme, language })),
);

describeScreens('every view', (openScreen) => {
  let screen: Screen;

  beforeAll(async () => {
    screen = await openScreen();
    await new Brain(screen).open('EURUSD', '0.10');
  });

  afterAll(() => screen[Symbol.asyncDispose]());

  describe.each(LOOKS)('in $theme and $language', ({ theme, language }) => {
    it('has its words, its colours, nothing that axe finds, and nothing to complain of', async () => {
      const { page, dataDir } = screen;
      const saved = await runProgram('--settings', `theme=${theme}`, `language=${language}`, '--data-dir', dataDir);
      expect(saved.code).toBe(0);
      await page.reload();
      await stateIsShown(page);
      for (const view of VIEWS) {
        await page.evaluate(`location.hash = '#/${view}'`);
        await page.getByRole('heading', { level: 1, name: CATALOGUES[language].shell.views[view] }).waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(theme);
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        expect(await violationsOf(page), view).toEqual([]);
      }
      expect(screen.complaints).toEqual([]);
    });
  });
});
