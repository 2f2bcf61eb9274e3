// Packs the desktop program for Windows x64, from a fresh build:
//   npm run pack:windows                    the installer, and SHA256SUMS beside it, in dist/installers
//   npm run pack:windows -- --test-build    the unpacked program alone, which tests may inspect, in dist/test-build
// Signs where WIN_CSC_LINK or CSC_LINK names a certificate, and fails where that cannot be done.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Arch, Platform, build } from 'electron-builder';
import { fuseFaults } from './fuses.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const isTestBuild = process.argv.includes('--test-build');
const output = join(root, 'dist', isTestBuild ? 'test-build' : 'installers');

rebuild();
rmSync(output, { recursive: true, force: true });
await build({
  projectDir: root,
  publish: 'never',
  targets: Platform.WINDOWS.createTarget(isTestBuild ? 'dir' : 'nsis', Arch.x64),
  config: {
    extends: 'electron-builder.yml',
    directories: { output },
    forceCodeSigning: !isTestBuild && Boolean(process.env.WIN_CSC_LINK || process.env.CSC_LINK),
    ...(isTestBuild ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
  },
});
const faults = await fuseFaults(join(output, 'win-unpacked', 'MT5 Fabric.exe'), isTestBuild);
if (faults.length > 0) throw new Error(faults.join('\n'));
if (!isTestBuild) await writeChecksums();

/** What an older build has left behind would be packed too. */
function rebuild() {
  const dist = join(root, 'dist');
  const bundles = readdirSync(dist).filter((name) => /\.c?js$/.test(name));
  for (const name of [...bundles, 'chunks', 'icons']) rmSync(join(dist, name), { recursive: true, force: true });
  const done = spawnSync(process.execPath, [join(root, 'resources/build/run.mjs'), '--rebuild'], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed; see its lines above');
}

/** In the form that sha256sum --check reads. */
async function writeChecksums() {
  const names = readdirSync(output).filter((name) => name.endsWith('.exe'));
  const lines = await Promise.all(names.map(async (name) => `${await sha256(join(output, name))} *${name}\n`));
  writeFileSync(join(output, 'SHA256SUMS'), lines.join(''));
}

async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
