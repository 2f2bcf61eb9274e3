// Assembles the npm package of the brain in dist/package and packs it: dist/mt5-fabric-<version>.tgz.
// Runs after a build. An argument names another folder than dist to put both into.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFiles } from './brain-bundle.mjs';
import { bundleDeclarations } from './npm/bundle-declarations.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const folder = join(target, 'package');
const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of bundleFiles(root)) copyFileSync(join(root, 'dist', name), join(folder, name));
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
copyFileSync(join(here, 'npm/README.md'), join(folder, 'README.md'));
copyFileSync(join(here, 'npm/mt5-fabric-brain.cjs'), join(folder, 'mt5-fabric-brain.cjs'));
chmodSync(join(folder, 'mt5-fabric-brain.cjs'), 0o755);
write('package.json', `${JSON.stringify(manifest(), null, 2)}\n`);
write('brain.mjs', moduleText());
write(
  'brain.d.cts',
  bundleDeclarations(root, join(root, 'main/brain/index.ts'), join(root, `dist/.types-${process.pid}`)),
);
// The same declarations, so that a class is one class whichever way it came.
write('brain.d.mts', "export * from './brain.cjs';\n");
process.stdout.write(`${join(target, pack())}\n`);

function manifest() {
  const { name, version, license, author, dependencies } = project;
  return {
    ...{ name, version, description: 'Client library and command line for an MT5 Fabric gateway' },
    ...{ license, author, keywords: ['metatrader', 'mt5', 'trading', 'zeromq'] },
    engines: { node: '>=22.3' },
    bin: { 'mt5-fabric-brain': 'mt5-fabric-brain.cjs' },
    exports: {
      './brain': {
        import: { types: './brain.d.mts', default: './brain.mjs' },
        require: { types: './brain.d.cts', default: './brain.cjs' },
      },
      './package.json': './package.json',
    },
    files: ['brain.*', 'mt5-fabric-brain.cjs'],
    dependencies: { zeromq: dependencies.zeromq },
  };
}

/** Named exports for ES modules, from what the bundle really exports. */
function moduleText() {
  // Resolved beside the bundle of the build, which finds zeromq.
  const names = Object.keys(createRequire(import.meta.url)(join(root, 'dist/brain.cjs'))).sort();
  return `import brain from './brain.cjs';\n\nexport const { ${names.join(', ')} } = brain;\n`;
}

function pack() {
  const words = ['pack', folder, '--pack-destination', target, '--ignore-scripts', '--json'];
  const npm = process.env.npm_execpath;
  const options = { cwd: target, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  // Through npm's own file where npm started us: its .cmd on Windows cannot be spawned without a shell.
  const done = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...words], options)
    : spawnSync('npm', words, { ...options, shell: process.platform === 'win32' });
  if (done.status !== 0) throw new Error(`npm pack failed with ${done.status ?? done.error}`);
  const [packed] = Object.values(JSON.parse(done.stdout));
  return packed.filename;
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
}
