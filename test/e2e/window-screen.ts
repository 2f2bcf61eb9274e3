import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import * as z from 'zod';
import { portOf } from '../../main/protocol/endpoint.ts';
import { runProgram } from '../running-gateway.ts';
import { dataFolder } from './data-folder.ts';
import { stateIsShown } from './pages/frame.ts';
import { complaintsOf, type Screen, type ScreenOptions } from './screen.ts';

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};
const statusSchema = z.object({ endpoints: z.object({ command: z.string(), data: z.string(), events: z.string() }) });

/** The file of a packed program to open instead of the build in dist: one that tests may inspect. */
const PACKED_PROGRAM = process.env['MT5_FABRIC_TEST_PROGRAM'];

/** Why no window can be opened here; null where one can. Throws where a packed program is named that is not there. */
export function whyNoWindow(): string | null {
  if (PACKED_PROGRAM !== undefined && !existsSync(PACKED_PROGRAM)) throw new Error(`there is no ${PACKED_PROGRAM}`);
  if (!existsSync(electronProgram())) return 'no Electron is installed in node_modules/electron/dist';
  const hasDisplay = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  return process.platform === 'linux' && !hasDisplay ? 'there is no display; run it under xvfb-run' : null;
}

function electronProgram(): string {
  if (PACKED_PROGRAM !== undefined) return resolve(PACKED_PROGRAM);
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  return join(folder, 'dist', PROGRAMS[process.platform] ?? 'electron');
}

/** The desktop: gateway, tray and window in one Electron. */
export async function openWindowScreen(options: ScreenOptions = {}): Promise<Screen> {
  const { viewport = { width: 1280, height: 800 }, theme = 'light', language = 'en', flags = [] } = options;
  const folder = dataFolder(options.dataDir);
  const ports = ['command', 'data', 'event'].flatMap((channel) => [`--${channel}-port`, '0']);
  const app = await _electron.launch({
    executablePath: electronProgram(),
    args: [
      ...(PACKED_PROGRAM === undefined ? ['dist/mt5-fabric.js'] : []),
      '--data-dir',
      folder.path,
      '--terminal',
      'paper',
      ...ports,
      ...flags,
    ],
    colorScheme: theme,
    locale: language,
  });
  const page = await app.firstWindow();
  const complaints = complaintsOf(page);
  await page.setViewportSize(viewport);
  await stateIsShown(page);
  const { endpoints } = await statusOf(folder.path);
  return {
    ...{ page, complaints, dataDir: folder.path },
    ports: {
      command: portOf(endpoints.command),
      data: portOf(endpoints.data),
      events: portOf(endpoints.events),
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      folder[Symbol.dispose]();
    },
  };
}

async function statusOf(dataDir: string): Promise<z.infer<typeof statusSchema>> {
  const { stdout } = await runProgram('--status', '--json', '--data-dir', dataDir);
  return statusSchema.parse(JSON.parse(stdout));
}
