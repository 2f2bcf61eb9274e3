// npm run screenshots: every view in both themes, languages and sizes, and the scenes that are seen seldom, each of a real
// gateway in the panel, into screenshots/.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUES } from '../../main/control/text/index.ts';
import { closeBrowser, openPanelScreen, type PanelScreen } from '../e2e/panel-screen.ts';
import { VIEWS, type View } from '../e2e/pages/frame.ts';
import { RunningGateway } from '../running-gateway.ts';
import { bringSystemPackages } from '../system-packages.ts';
import { SCENES, type Scene } from './scenes.ts';

const FOLDER = join(import.meta.dirname, '../../screenshots');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const LOOKS = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).map((language) => ({ theme, language })),
);
type Look = (typeof LOOKS)[number];

/** Plots and figures need a moment to have something to show. */
const SETTLE_MS = 1_500;

const missing = bringSystemPackages((line) => console.error(`screenshots: ${line}`));
const browserless = missing.find(({ name }) => name === 'chromium');
if (browserless !== undefined) {
  console.error(`screenshots: none were taken without Debian's chromium: ${browserless.why}`);
  process.exitCode = 69;
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  try {
    for (const scene of SCENES) for (const look of LOOKS) await take(scene, look);
  } finally {
    await closeBrowser();
    await RunningGateway.stopAll();
  }
  console.log(`screenshots: they are in ${FOLDER}`);
}

async function take(scene: Scene, look: Look): Promise<void> {
  const flags = ['--theme', look.theme, '--language', look.language, ...(scene.flags ?? [])];
  using folder = scene.dataFolder();
  await using screen = await openPanelScreen({ ...look, flags, dataDir: folder.path });
  await scene.play(screen);
  for (const size of SIZES) {
    await screen.page.setViewportSize(size);
    for (const view of scene.views ?? VIEWS) {
      await show(screen, view, look);
      const name = [scene.name, view, look.theme, look.language, `${size.width}x${size.height}`].join('-');
      await screen.page.screenshot({ path: join(FOLDER, `${name}.png`) });
    }
  }
  console.log(`screenshots: ${scene.name}, ${look.theme}, ${look.language}`);
}

async function show({ page }: PanelScreen, view: View, { language }: Look): Promise<void> {
  await page.evaluate(`location.hash = '#/${view}'`);
  await page.getByRole('heading', { level: 1, name: CATALOGUES[language].shell.views[view] }).waitFor();
  await page.waitForTimeout(SETTLE_MS);
}
