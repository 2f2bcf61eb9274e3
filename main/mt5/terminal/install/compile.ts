import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readCompileLog, type CompileMessage } from './compile-log.ts';
import type { Places } from './install-plan.ts';
import { readText } from './text-file.ts';

/** How MetaEditor is started on a system: the words after its own path are MetaEditor's. */
export interface EditorLauncher {
  /** What runs the editor, like Wine; null when it runs by itself. */
  readonly runner: string | null;
  /** Its words, for a source and a log that are in the folder it is started in. */
  words(source: string, log: string): readonly string[];
  /** The words are the command line as it stands: no quoting by Node. */
  readonly verbatim: boolean;
  /** Variables that it needs beside the usual ones. */
  environment(editor: string): Readonly<Record<string, string>>;
}

export interface CompileOptions {
  readonly launcher: EditorLauncher;
  readonly timeoutMs: number;
}

/** How a compilation ended. */
export type Compiled =
  | { readonly kind: 'compiled'; readonly warnings: readonly CompileMessage[] }
  | { readonly kind: 'errors'; readonly errors: number; readonly messages: readonly CompileMessage[] }
  /** MetaEditor did not start, did not end in time, or left no log or no program: `why` says which. */
  | { readonly kind: 'failed'; readonly why: string };

/** The launcher of this system: MetaEditor itself on Windows, Wine elsewhere. */
export function editorLauncher(platform: NodeJS.Platform): EditorLauncher {
  // MetaEditor wants its quotes inside the word, after the colon: /compile:"C:\a b\c.mq5".
  if (platform === 'win32') {
    const words = (source: string, log: string) => [`/compile:"${source}"`, `/log:"${log}"`];
    return { runner: null, words, verbatim: true, environment: () => ({}) };
  }
  // Wine quotes a word with a space as a whole, which MetaEditor does not read: names in its folder have none.
  const words = (source: string, log: string) => [`/compile:${basename(source)}`, `/log:${basename(log)}`];
  return { runner: 'wine', words, verbatim: false, environment: winePrefix };
}

/** The prefix in which a program of Wine's drive C is installed. */
function winePrefix(editor: string): Record<string, string> {
  const [, prefix] = /^(.+)[\\/]drive_c[\\/]/.exec(editor) ?? [];
  return prefix === undefined ? {} : { WINEPREFIX: prefix, WINEDEBUG: '-all' };
}

/**
 * Compiles the program with the terminal's own MetaEditor. Its exit code says nothing: the log has to name no error, and
 * the compiled program has to be there anew.
 */
export async function compile(editor: string, places: Places, options: CompileOptions): Promise<Compiled> {
  const before = modifiedMs(places.compiled);
  rmSync(places.compileLog, { force: true });
  const fault = await run(editor, places, options);
  if (fault !== null) return { kind: 'failed', why: fault };

  const text = readText(places.compileLog);
  if (text === null) return { kind: 'failed', why: `MetaEditor wrote no log to ${places.compileLog}` };
  const report = readCompileLog(text);
  if (report.errors === null) return { kind: 'failed', why: `MetaEditor's log has no result: ${places.compileLog}` };
  if (report.errors > 0) return { kind: 'errors', errors: report.errors, messages: report.messages };
  if (modifiedMs(places.compiled) === before) {
    return { kind: 'failed', why: `MetaEditor reports no error and yet wrote no ${places.compiled}` };
  }
  return { kind: 'compiled', warnings: report.messages.filter(({ severity }) => severity === 'warning') };
}

/** Runs MetaEditor to its end; what went wrong, or null. */
function run(editor: string, places: Places, { launcher, timeoutMs }: CompileOptions): Promise<string | null> {
  const words = launcher.words(places.source, places.compileLog);
  const [program, ...rest] = launcher.runner === null ? [editor, ...words] : [launcher.runner, editor, ...words];
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: dirname(places.source),
      stdio: 'ignore',
      env: { ...process.env, ...launcher.environment(editor) },
      windowsVerbatimArguments: launcher.verbatim,
      // Without Node's quoting, the path of the program itself needs its quotes too.
      ...(launcher.verbatim ? { argv0: `"${program}"` } : {}),
    });
    const end = (fault: string | null) => {
      clearTimeout(timer);
      resolve(fault);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(`MetaEditor did not end within ${timeoutMs / 1000} s: look for a window of it that waits for an answer`);
    }, timeoutMs);
    child.once('error', (error) => end(`${program} cannot be started: ${error.message}`));
    child.once('exit', () => end(null));
  });
}

function modifiedMs(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
