import { mkdirSync } from 'node:fs';
import type { Settings } from '../config/settings.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bridgeToken } from '../mt5/terminal/bridge-token.ts';
import type { EditorLauncher } from '../mt5/terminal/install/compile.ts';
import { findTerminals, otherDataFolder, terminalAt, type Terminal } from '../mt5/terminal/install/find-terminals.ts';
import { installBridge, isSystemError, type Installed } from '../mt5/terminal/install/install-bridge.ts';
import type { Wanted } from '../mt5/terminal/install/install-plan.ts';
import { stepsByHand } from '../mt5/terminal/install/install-steps.ts';
import { installedLines, isUnchanged, isUsable, terminalLines } from '../mt5/terminal/install/install-text.ts';
import { readProgramSource, type ProgramSource } from '../mt5/terminal/install/program-source.ts';
import type { TerminalRoot } from '../mt5/terminal/install/terminal-roots.ts';

const COMPILE_TIMEOUT_MS = 60_000;

/** What `--install-bridge` needs of its surroundings. */
export interface InstallIo {
  readonly dataDir: string;
  readonly settings: Pick<Settings, 'bridgePipe' | 'bridgePort'>;
  /** The folder of the program's sources. */
  readonly sources: string;
  readonly roots: readonly TerminalRoot[];
  readonly launcher: EditorLauncher;
  readonly json: boolean;
  readonly compileTimeoutMs?: number;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** `--install-bridge`: installs the program into one terminal, and says what remains to be done by hand. */
export async function runInstallCommand(folder: string | undefined, io: InstallIo): Promise<ExitCode> {
  const source = readProgramSource(io.sources);
  if (source === null) return refuse(io, `the program's sources are missing: ${io.sources}`);
  const terminal = chosenTerminal(folder, io);
  if (typeof terminal === 'string') return refuse(io, terminal);

  const ending = await installInto(terminal, source, io);
  if (ending.kind === 'refused') return refuse(io, ending.message);
  const { did: done, steps } = ending;
  if (io.json) {
    const { versionBefore, written, removed, kept, token, compiled } = done;
    const versions = { version: source.version, version_before: versionBefore };
    const did = { ok: isUsable(done), terminal, ...versions, written, removed, kept, token, compiled, steps };
    io.stdout(`${JSON.stringify(did)}\n`);
  } else {
    const heading = isUnchanged(done) ? 'If the program is not on a chart yet:' : 'What remains to be done by hand:';
    const numbered = steps.map((step, index) => `  ${index + 1}. ${step}`);
    const lines = [...installedLines(terminal, source.version, done), ...portableNote(terminal, io.roots)];
    io.stdout(`${[...lines, ...(isUsable(done) ? ['', heading, ...numbered] : [])].join('\n')}\n`);
  }
  return isUsable(done) ? EXIT.ok : EXIT.refused;
}

/** How an installation into one terminal ended. `did` tells whether the program is compiled too. */
export type InstallEnding =
  | {
      readonly kind: 'done';
      readonly terminal: Terminal;
      readonly version: string;
      readonly did: Extract<Installed, { kind: 'installed' }>;
      /** What remains to be done by hand. */
      readonly steps: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Installs the program into a terminal, with the token and the inputs of this gateway. */
export async function installInto(
  terminal: Terminal,
  source: ProgramSource,
  {
    dataDir,
    settings,
    launcher,
    compileTimeoutMs,
  }: Pick<InstallIo, 'dataDir' | 'settings' | 'launcher' | 'compileTimeoutMs'>,
): Promise<InstallEnding> {
  const token = tokenOf(dataDir);
  if (!token.ok) return { kind: 'refused', message: `cannot keep the token in ${dataDir}: ${token.why}` };
  const wanted: Wanted = { source, token: token.text, inputs: programInputs(settings) };
  const did = await installBridge(terminal, wanted, { launcher, timeoutMs: compileTimeoutMs ?? COMPILE_TIMEOUT_MS });
  if (did.kind === 'unwritable') {
    const message = `cannot install into ${terminal.dataFolder}: ${did.why}; see that you may write there`;
    return { kind: 'refused', message };
  }
  return { kind: 'done', terminal, version: source.version, did, steps: stepsByHand(wanted) };
}

/** Values of the program's inputs that follow from the settings. */
export function programInputs({ bridgePipe, bridgePort }: InstallIo['settings']): Record<string, string> {
  return { InpPipe: bridgePipe, InpTcpPort: String(bridgePort) };
}

/** The terminal to install into, or why there is none. */
function chosenTerminal(folder: string | undefined, { roots }: InstallIo): Terminal | string {
  if (folder !== undefined) {
    const named = terminalAt(folder, roots);
    return named ?? `${folder} is no folder of a MetaTrader 5: it has neither MQL5 nor terminal64.exe`;
  }
  const terminals = findTerminals(roots);
  const usable = terminals.filter(({ installFolder }) => installFolder !== null);
  const [only, ...others] = usable;
  if (only !== undefined && others.length === 0) return only;
  const listed = terminalLines(terminals).join('\n');
  if (only !== undefined)
    return `there are ${usable.length} terminals; name one with --terminal-folder DIR:\n${listed}`;
  const where = roots.map(({ folder: root }) => root).join(', ');
  return terminals.length === 0
    ? `no MetaTrader 5 was found${where === '' ? '' : ` in ${where}`}; name its data folder with --terminal-folder DIR (in MetaTrader: File > Open Data Folder)`
    : `no terminal has its installation any more; name one with --terminal-folder DIR:\n${listed}`;
}

function portableNote(terminal: Terminal, roots: readonly TerminalRoot[]): string[] {
  const other = otherDataFolder(terminal, roots);
  if (other === null) return [];
  return [`  note      this holds for a start with /portable; without it the terminal uses ${other}`];
}

function tokenOf(
  dataDir: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string } {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return { ok: true, text: bridgeToken(dataDir) };
  } catch (error) {
    if (isSystemError(error)) return { ok: false, why: error.message };
    throw error;
  }
}

function refuse(io: InstallIo, message: string): ExitCode {
  io.stderr(`mt5-fabric: ${message}\n`);
  return EXIT.configuration;
}
