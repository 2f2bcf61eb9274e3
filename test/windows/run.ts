// npm run test:windows: the packed gateway and the bridge program as Windows processes under Wine, with real named pipes,
// against a broker and brains on this machine.
import { join, resolve } from 'node:path';
import { buildProgram } from '../mql5/build.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { figuresLine } from '../test-figures.ts';
import { bringWine } from './bring-wine.ts';
import { GATEWAY_STEPS } from './gateway-steps.ts';
import { INSTALL_STEPS } from './install-steps.ts';
import { INSTALLER_STEPS } from './installer-steps.ts';
import { LINK_STEPS } from './link-steps.ts';
import { NETWORK_STEPS } from './network-steps.ts';
import { installPacked } from './packed-gateway.ts';
import { END_STEPS, RESTART_STEPS } from './restart-steps.ts';
import { runSteps, type Step } from './run-steps.ts';
import { Scene, type Binaries } from './scene.ts';
import { PYTHON_STEPS, TRADING_STEPS } from './trading-steps.ts';
import { NotFetched, windowsNode } from './windows-node.ts';
import { buildWindowsProgram } from './windows-program.ts';
import { WinePrefix } from './wine-prefix.ts';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/mt5-fabric-windows');
const STEPS: readonly Step[] = [
  // Before a gateway has data there.
  ...(hasSystemPackage('nsis') ? INSTALLER_STEPS : []),
  ...INSTALL_STEPS,
  ...GATEWAY_STEPS,
  ...LINK_STEPS,
  ...TRADING_STEPS,
  ...RESTART_STEPS,
  ...(hasSystemPackage('python3-zmq') ? PYTHON_STEPS : []),
  ...END_STEPS,
  ...NETWORK_STEPS,
];

// Through `process.exit`, so that nothing that was started here stays.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

if (!hasSystemPackage('nsis')) {
  console.log(
    "not run without the Debian package nsis: the installer's own steps, and the gateway from its package alone",
  );
}
const obstacle = bringWine((line) => console.error(`test: ${line}`));
if (obstacle === null) await runInWine();
else console.log(`skipped: ${obstacle}`);

async function runInWine(): Promise<void> {
  const start = performance.now();
  const prefix = new WinePrefix(join(CACHE, 'prefix'));
  const binaries = await prepare(prefix);
  if (typeof binaries === 'string') {
    console.log(`skipped: ${binaries}`);
    return;
  }
  console.log(`prepared in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  const scene = await Scene.set(prefix, binaries);
  const counts = await runSteps(STEPS, scene).finally(() => scene.strike().finally(() => prefix.endAll()));
  console.log(figuresLine(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

/** What the steps need; where it cannot be had, why. */
async function prepare(prefix: WinePrefix): Promise<Binaries | string> {
  try {
    const [node, program, editor, closeConsole] = await Promise.all([
      windowsNode(join(CACHE, 'bin')),
      buildProgram({ variant: 'windows' }),
      buildWindowsProgram('stand-in-editor', join(CACHE, 'bin')),
      buildWindowsProgram('close-console', join(CACHE, 'bin')),
      prefix.prepare(),
    ]);
    const gateway = hasSystemPackage('nsis') ? installPacked(prefix) : resolve('dist/mt5-fabric.js');
    return { node, gateway, program, editor, closeConsole };
  } catch (error) {
    if (error instanceof NotFetched) return error.message;
    throw error;
  }
}
