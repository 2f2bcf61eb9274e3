import type { CompileMessage } from './compile-log.ts';
import type { Terminal } from './find-terminals.ts';
import type { Installed } from './install-bridge.ts';

type Done = Extract<Installed, { kind: 'installed' }>;

/** What an installation did, in lines for a person. */
export function installedLines(terminal: Terminal, version: string, done: Done): string[] {
  const head = [`${terminal.name}  (${terminal.dataFolder})`];
  if (isUnchanged(done)) return [...head, `  Everything is up to date (version ${version}); nothing was changed.`];
  const before = done.versionBefore === '' || done.versionBefore === version ? '' : `, was ${done.versionBefore}`;
  return [
    ...head,
    `  program   ${version}${before}: ${done.written.length} files written, ${done.removed.length} removed`,
    ...done.kept.map(({ file, copy }) => `  kept      ${file} had been changed; it is in ${copy} now`),
    ...tokenLines(done.token),
    ...compiledLines(done.compiled),
  ];
}

/** Whether a second run found nothing to do. */
export function isUnchanged({ written, removed, token, compiled }: Done): boolean {
  return written.length === 0 && removed.length === 0 && token === 'same' && compiled.kind === 'up-to-date';
}

/** Whether the compiled program is there. */
export function isUsable({ compiled }: Done): boolean {
  return compiled.kind === 'up-to-date' || compiled.kind === 'compiled';
}

function tokenLines(token: Done['token']): string[] {
  if (token === 'same') return [];
  const note = token === 'replaced' ? ': another was there, of another data folder or an older one' : '';
  return [`  token     ${token}${note}`];
}

/** How the compilation ended, in lines for a person. */
export function compiledLines(compiled: Done['compiled']): string[] {
  switch (compiled.kind) {
    case 'up-to-date':
      return ['  compiled  already up to date'];
    case 'compiled':
      return [
        `  compiled  without errors, ${compiled.warnings.length} warnings`,
        ...compiled.warnings.map(messageLine),
      ];
    case 'errors':
      return [`  NOT COMPILED: ${compiled.errors} errors`, ...compiled.messages.map(messageLine)];
    case 'failed':
      return [
        `  NOT COMPILED: ${compiled.why}`,
        '  By hand: in MetaTrader press F4, open Experts\\MT5Fabric\\MT5FabricBridge.mq5, press F7.',
      ];
  }
}

function messageLine({ severity, file, line, column, text }: CompileMessage): string {
  const place = line === 0 ? file : `${file}(${line},${column})`;
  return `    ${[place, severity, text].filter((part) => part !== '').join(' ')}`;
}

/** The terminals of this machine, to choose from. */
export function terminalLines(terminals: readonly Terminal[]): string[] {
  return terminals.map(({ name, dataFolder, installFolder }) => {
    const gone = installFolder === null ? '  (its installation has gone)' : '';
    return `  ${name}${gone}\n    --terminal-folder "${dataFolder}"`;
  });
}
