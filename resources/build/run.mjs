#!/usr/bin/env node
// Runs a program of this project: installs what is missing, builds what is out of date, then hands over to the Node
// of node_modules (24), whichever Node started this file (20 or newer). No dependencies.
//   node resources/build/run.mjs [--rebuild] [NODE-OPTION …] FILE [ARGUMENT …]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const platform = process.platform === 'win32' ? 'win' : process.platform;
const ownNode = join(
  root,
  'node_modules',
  `node-${platform}-${process.arch}`,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
const say = (line) => process.stderr.write(`${line}\n`);

const words = process.argv.slice(2);
const rebuild = words[0] === '--rebuild';
if (rebuild) words.shift();

withLock(() => {
  if (installIsStale()) install();
  if (rebuild || buildIsStale()) build();
});
if (words.length > 0) handOver(words);

function installIsStale() {
  const done = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(done)) return true;
  return statSync(join(root, 'package-lock.json')).mtimeMs > statSync(done).mtimeMs;
}

function install() {
  say('mt5-fabric: installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // Through npm's own file where npm started us: its .cmd on Windows cannot be spawned without a shell.
  const done = npm
    ? spawnSync(process.execPath, [npm, ...words], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', words, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) fail('npm ci failed; see its lines above', done.status);
  const now = new Date();
  utimesSync(join(root, 'node_modules', '.package-lock.json'), now, now);
}

function buildIsStale() {
  const products = [
    ...['mt5-fabric.js', 'brain.cjs', 'preload.cjs', 'audit-writer.js', 'audit-reader.js', 'machine-worker.js'],
    'renderer/index.html',
  ].map((name) => join(root, 'dist', name));
  if (!products.every(existsSync)) return true;
  const oldest = Math.min(...products.map((file) => statSync(file).mtimeMs));
  const sources = [
    ...['main', 'preload', 'renderer', 'vite.config.ts', 'package-lock.json'],
    ...['resources/icons', 'resources/build/icons.mjs'],
  ].map((name) => join(root, name));
  return sources.some((source) => newest(source) > oldest);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function build() {
  say('mt5-fabric: building …');
  const node = nodeToUse();
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const done = spawnSync(node, [vite, 'build', '--app', '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) fail('the build failed; see its lines above', done.status);
  // A gateway without pictures still trades, and still stops.
  const icons = join(root, 'resources', 'build', 'icons.mjs');
  const drawn = spawnSync(node, [icons], { cwd: root, stdio: ['ignore', 2, 2] });
  if (drawn.status !== 0) say('mt5-fabric: the icons could not be rendered; see the lines above');
}

function nodeToUse() {
  if (existsSync(ownNode)) return ownNode;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 22) return process.execPath;
  return fail(
    `no Node for ${process.platform} ${process.arch} came with the packages, and this one is ${process.version}: install Node 22 or newer`,
    78,
  );
}

// Two first runs may meet: the second waits for the first.
function withLock(work) {
  // Not in node_modules: npm ci empties it, and a third run would take the lock of the first.
  const folder = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const lock = join(tmpdir(), `mt5-fabric-build-${folder}.lock`);
  acquire(lock);
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function acquire(lock) {
  for (;;) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST')
        return; // no place for a lock: nobody to wait for
      else if (!holderLives(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function holderLives(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function handOver(words) {
  const child = spawn(nodeToUse(), words, { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl+C to the whole group: the child ends in its own order, this waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${words[0]}: ${error.message}`, 70));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
}

function fail(message, code) {
  say(`mt5-fabric: ${message}`);
  process.exit(code || 70);
}
