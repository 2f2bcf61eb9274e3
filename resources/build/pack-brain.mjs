// Makes the brain for Linux servers: dist/mt5-fabric-brain-<version>-linux-<arch>.tar.gz, which needs nothing but Node.
// Runs after a build.
//   node resources/build/pack-brain.mjs [FOLDER] [--arch x64|arm64]
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleFiles } from './brain-bundle.mjs';

const { values, positionals } = parseArgs({ options: { arch: { type: 'string' } }, allowPositionals: true });
const arch = values.arch ?? process.arch;
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const target = resolve(positionals[0] ?? join(root, 'dist'));
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = join(target, `${name}-brain-${version}-linux-${arch}`);

rmSync(folder, { recursive: true, force: true });
for (const inner of ['bin', 'lib', 'systemd']) mkdirSync(join(folder, inner), { recursive: true });
for (const file of bundleFiles(root)) copyFileSync(join(root, 'dist', file), join(folder, 'lib', file));
writeProgram();
copyZeroMq(join(folder, 'lib/node_modules'));
cpSync(join(root, 'resources/linux/systemd'), join(folder, 'systemd'), { recursive: true });
copyFileSync(join(root, 'resources/linux/README.md'), join(folder, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
writeJson(join(folder, 'package.json'), { name: `${name}-brain`, version, license, private: true, type: 'commonjs' });
process.stdout.write(`${archive()}\n`);

/** The npm package's program, at its place in this layout. */
function writeProgram() {
  const text = readFileSync(join(here, 'npm/mt5-fabric-brain.cjs'), 'utf8');
  const program = join(folder, 'bin/mt5-fabric-brain');
  writeFileSync(program, text.replace("require('./brain.cjs')", "require('../lib/brain.cjs')"));
  chmodSync(program, 0o755);
}

/** zeromq without its sources and its builds for other platforms, with the loader that it finds its build by. */
function copyZeroMq(modules) {
  const zeromq = join(root, 'node_modules/zeromq');
  copy(zeromq, join(modules, 'zeromq'), ['package.json', 'LICENSE.txt', 'LICENSE_MPL-2.0.txt', ...scriptsOf(zeromq)]);
  copy(join(root, 'node_modules/cmake-ts'), join(modules, 'cmake-ts'), [
    'package.json',
    'README.md',
    'build/loader.js',
  ]);
  const [key, file] = buildOf(join(zeromq, 'build'));
  copy(join(zeromq, 'build'), join(modules, 'zeromq/build'), [file]);
  writeJson(join(modules, 'zeromq/build/manifest.json'), { [key]: file });
}

function scriptsOf(zeromq) {
  const files = readdirSync(join(zeromq, 'lib')).filter((file) => file.endsWith('.js'));
  return files.map((file) => `lib/${file}`);
}

/** The build for glibc that asks for the least of it: of Node's interface they all use the stable one. */
function buildOf(builds) {
  const manifest = JSON.parse(readFileSync(join(builds, 'manifest.json'), 'utf8'));
  const fitting = Object.entries(manifest).filter(([key]) => {
    const { os, arch: builtFor, libc } = JSON.parse(key);
    return os === 'linux' && builtFor === arch && libc === 'glibc';
  });
  const [least] = fitting.sort(([, a], [, b]) => glibcOf(join(builds, a)) - glibcOf(join(builds, b)));
  if (least === undefined) throw new Error(`zeromq has no build for Linux on ${arch}`);
  return least;
}

/** The newest glibc that a build names, as 225 for 2.25. */
function glibcOf(file) {
  const names = readFileSync(file, 'latin1').matchAll(/GLIBC_2\.(\d+)/g);
  return 200 + Math.max(...Array.from(names, ([, minor]) => Number(minor)));
}

function copy(from, to, files) {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}

/** The same bytes from the same sources, whoever packs them: SOURCE_DATE_EPOCH gives the date. */
function archive() {
  const date = process.env.SOURCE_DATE_EPOCH ?? String(Math.floor(Date.now() / 1_000));
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'];
  const words = ['--create', '--sort=name', `--mtime=@${date}`, ...owner, '--directory', target, basename(folder)];
  const packed = spawnSync('tar', words, { maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] });
  if (packed.status !== 0) throw new Error(`tar failed with ${packed.status ?? packed.error}`);
  const file = `${folder}.tar.gz`;
  const squeezed = spawnSync('gzip', ['-9', '--no-name'], { input: packed.stdout, maxBuffer: 256 * 1024 * 1024 });
  if (squeezed.status !== 0) throw new Error(`gzip failed with ${squeezed.status ?? squeezed.error}`);
  writeFileSync(file, squeezed.stdout);
  return file;
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
