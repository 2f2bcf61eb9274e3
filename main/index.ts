import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Brain from './brain/index.ts';
import { parseInvocation, type Invocation } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { onDisk } from './worker-file.ts';

const io = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
};

// `mt5-fabric … | head` ends quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.internal),
);

// Whoever read the diagnostic log has gone: a gateway trades on without it. The audit log is another matter.
process.stderr.on('error', () => {});

/** Each root is loaded only when it is chosen: a brain never loads SQLite, a local command never ZeroMQ. */
async function run(invocation: Invocation): Promise<ExitCode> {
  switch (invocation.root) {
    case 'brain': {
      const brain = createRequire(import.meta.url)('./brain.cjs') as typeof Brain;
      return brain.runBrain(invocation.words);
    }
    case 'gateway':
      return (await import('./headless.ts')).runHeadless(invocation, io, builtFiles());
    case 'desktop':
      return (await import('./desktop/run-desktop.ts')).runDesktop(invocation, io, builtFiles());
    case 'local':
      return (await import('./local-roots.ts')).runLocal(invocation, io);
    case 'audit':
      return (await import('./local-roots.ts')).runAudit(invocation, io);
    case 'settings':
      return (await import('./local-roots.ts')).runSettings(invocation, io);
    case 'install-bridge':
      return (await import('./local-roots.ts')).runInstall(invocation, io, programSources());
    case 'doctor':
      return (await import('./local-roots.ts')).runDoctor(invocation, io, programSources());
    case 'help':
      io.stdout((await import('./help.ts')).helpText());
      return EXIT.ok;
    case 'version':
      io.stdout(`${(await import('./version.ts')).VERSION}\n`);
      return EXIT.ok;
    case 'usage':
      io.stderr(`mt5-fabric: ${invocation.message}; see mt5-fabric --help\n`);
      return EXIT.usage;
  }
}

/** The folder of the program for MetaTrader: beside main/ in the sources, and beside dist/ where it is built. */
function programSources(): string {
  return fileURLToPath(onDisk(new URL('../resources/mql5/', import.meta.url)));
}

/** The folder that the build has made: renderer, preload bundle and icons. */
function builtFiles(): string {
  return fileURLToPath(new URL('../dist/', import.meta.url));
}

/** Whether this is Electron's main process; with ELECTRON_RUN_AS_NODE it is Node like any other. */
function isElectron(): boolean {
  return process.type === 'browser';
}

/** A packaged program has no script among its words. */
function ownWords(): string[] {
  return process.argv.slice(isElectron() && !process.defaultApp ? 1 : 2);
}

try {
  const invocation = parseInvocation(ownWords(), isElectron() ? 'desktop' : 'headless');
  process.exitCode = await run(invocation);
  // Electron's loop goes on by itself, whatever was asked for.
  if (isElectron() && invocation.root !== 'desktop') process.exit();
} catch (error) {
  io.stderr(`mt5-fabric: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = EXIT.internal;
}
