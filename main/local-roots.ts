import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Invocation } from './arguments.ts';
import { runAuditCommand } from './audit/audit-command.ts';
import { yieldToTrading } from './audit/background.ts';
import { writeDrained } from './audit/write-drained.ts';
import { controlEndpoints, resolveDataDir } from './config/data-dir.ts';
import { loadSettings, valueOfText } from './config/load-settings.ts';
import { saveSettings, settingsPath } from './config/settings-file.ts';
import { SETTING_KEYS, fileName, settingsSchema } from './config/settings.ts';
import { callGateway } from './control/client.ts';
import { runDoctorCommand } from './control/doctor/doctor-command.ts';
import { runInstallCommand } from './control/install-command.ts';
import { runLocalCommand } from './control/local-command.ts';
import { editorLauncher } from './mt5/terminal/install/compile.ts';
import { terminalRoots } from './mt5/terminal/install/terminal-roots.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { VERSION } from './version.ts';

/** How long an audit command waits for the gateway to record what it did. */
const RECORD_TIMEOUT_MS = 3_000;

type InvocationOf<R extends Invocation['root']> = Extract<Invocation, { root: R }>;

/** Where a command's words go. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** `--status`, `--kill`, `--halt`, `--resume`, `--close`, `--take-out`, `--panel-address`. */
export function runLocal(invocation: InvocationOf<'local'>, io: Io): Promise<ExitCode> {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const endpoints = controlEndpoints(dataDir, process.env);
  return runLocalCommand(invocation, { ...io, dataDir, endpoints, json: invocation.json });
}

/** `--audit …`: on the files, whether a gateway runs or not. */
export function runAudit(invocation: InvocationOf<'audit'>, io: Io): Promise<ExitCode> {
  yieldToTrading('process');
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const endpoints = controlEndpoints(dataDir, process.env);
  return runAuditCommand(invocation.words, {
    dataDir,
    stdout: (text) => writeDrained(process.stdout, text),
    stderr: (text) => io.stderr(text),
    isTerminal: process.stderr.isTTY,
    appVersion: VERSION,
    nowMs: Date.now,
    record: async (type, payload) => {
      const result = await callGateway(endpoints, 'record', { type, payload }, RECORD_TIMEOUT_MS);
      return result.kind === 'answered' && result.output.recorded;
    },
  });
}

/** `--install-bridge`: the program for MetaTrader, from the folder of its sources into a terminal. */
export function runInstall(invocation: InvocationOf<'install-bridge'>, io: Io, sources: string): Promise<ExitCode> {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const loaded = loadSettings(dataDir, invocation.flags, process.env);
  if (!loaded.ok) {
    io.stderr(`mt5-fabric: ${loaded.message}\n`);
    return Promise.resolve(EXIT.configuration);
  }
  const { settings } = loaded;
  const roots = terminalRoots({ platform: process.platform, environment: process.env, homeDir: homedir() });
  const launcher = editorLauncher(process.platform);
  return runInstallCommand(invocation.terminalFolder, {
    ...{ ...io, dataDir, settings, sources, roots, launcher, json: invocation.json },
  });
}

/** `--doctor`: each link of the chain from the data folder to the broker. */
export function runDoctor(invocation: InvocationOf<'doctor'>, io: Io, sources: string): Promise<ExitCode> {
  const { platform, env: environment, stdout } = process;
  const dataDir = resolveDataDir(invocation.dataDir, environment);
  return runDoctorCommand({
    ...{ ...io, ...invocation, dataDir, environment, platform, sources },
    endpoints: controlEndpoints(dataDir, environment),
    roots: terminalRoots({ platform, environment, homeDir: homedir() }),
    inColour: stdout.isTTY && !environment['NO_COLOR'],
  });
}

/** `--settings`: shows what is in force and where it comes from; with KEY=VALUE words saves them. */
export function runSettings(invocation: InvocationOf<'settings'>, io: Io): Promise<ExitCode> {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const changes: Record<string, unknown> = {};
  for (const word of invocation.words) {
    const [name = '', ...rest] = word.split('=');
    const key = SETTING_KEYS.find((candidate) => fileName(candidate) === name.replaceAll('-', '_'));
    if (key === undefined)
      return refuse(io, `"${name}" is no setting; there are ${SETTING_KEYS.map(fileName).join(', ')}`);
    const parsed = settingsSchema.shape[key].safeParse(valueOfText(key, rest.join('=')));
    if (!parsed.success) return refuse(io, `${name} takes ${parsed.error.issues[0]?.message ?? 'another value'}`);
    changes[key] = parsed.data;
  }
  if (invocation.words.length > 0) {
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    saveSettings(dataDir, changes);
  }
  return Promise.resolve(show(dataDir, invocation.json, io));
}

function show(dataDir: string, json: boolean, io: Io): ExitCode {
  const loaded = loadSettings(dataDir, {}, process.env);
  if (!loaded.ok) {
    io.stderr(`mt5-fabric: ${loaded.message}\n`);
    return EXIT.configuration;
  }
  for (const note of loaded.notes) io.stderr(`mt5-fabric: ${note.message}\n`);
  const rows = SETTING_KEYS.map((key) => ({
    name: fileName(key),
    value: loaded.settings[key],
    from: loaded.origins[key],
  }));
  if (json) {
    io.stdout(`${JSON.stringify(Object.fromEntries(rows.map(({ name, value }) => [name, value])))}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const lines = rows.map(({ name, value, from }) => `${name.padEnd(width)}${String(value).padEnd(20)}${from}`);
  io.stdout(`${lines.join('\n')}\nFile: ${settingsPath(dataDir)}\n`);
  return EXIT.ok;
}

function refuse(io: Io, message: string): Promise<ExitCode> {
  io.stderr(`mt5-fabric: ${message}\n`);
  return Promise.resolve(EXIT.usage);
}
