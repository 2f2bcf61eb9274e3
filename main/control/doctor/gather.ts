import { accessSync, constants, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadSettings, type FlagValues } from '../../config/load-settings.ts';
import { settingsSchema, type Settings } from '../../config/settings.ts';
import { idleSettings, notRunnable } from '../../host-settings.ts';
import { readBridgeToken } from '../../mt5/terminal/bridge-token.ts';
import { findTerminals, terminalAt, type Terminal } from '../../mt5/terminal/install/find-terminals.ts';
import { inspect } from '../../mt5/terminal/install/inspect.ts';
import { readProgramSource, type ProgramSource } from '../../mt5/terminal/install/program-source.ts';
import type { TerminalRoot } from '../../mt5/terminal/install/terminal-roots.ts';
import { pipePath } from '../../mt5/terminal/pipe-path.ts';
import { TerminalSetupError } from '../../mt5/terminal-setup-error.ts';
import { portOf } from '../../protocol/endpoint.ts';
import { callGateway, isAnswering } from '../client.ts';
import { programInputs } from '../install-command.ts';
import type { Channel, Findings, GatewayFinding, PipeFinding, PortFinding } from './findings.ts';
import { terminalInUse } from './in-use.ts';
import { portHolder } from './port-holder.ts';

const STATUS_TIMEOUT_MS = 3_000;
/** The terminal is asked for its symbols. */
const MARKET_TIMEOUT_MS = 12_000;
const NO_SOURCE: ProgramSource = { files: new Map(), version: '', inputs: [] };

/** Where to look. */
export interface Place {
  readonly dataDir: string;
  readonly endpoints: readonly string[];
  readonly flags: FlagValues;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly sources: string;
  readonly roots: readonly TerminalRoot[];
  readonly terminalFolder?: string;
  /** What is known of the gateway; asked for at its endpoints when absent. */
  readonly gateway?: GatewayFinding;
}

/** Finds out how every link stands. Reads and asks only: nothing is made, written or started. */
export async function gather(place: Place): Promise<Findings> {
  const loaded = loadSettings(place.dataDir, place.flags, place.environment);
  const settings = loaded.ok ? loaded.settings : settingsSchema.parse({});
  const gateway = place.gateway ?? (await gatewayOf(place.endpoints));
  return {
    platform: place.platform,
    nowMs: Date.now(),
    dataDir: { path: place.dataDir, state: folderState(place.dataDir) },
    settings,
    settingsFault: loaded.ok ? (notRunnable(settings)?.split('\n')[0] ?? null) : loaded.message,
    settingsNotes: loaded.ok ? [...loaded.notes.map(({ message }) => message), ...idleSettings(settings)] : [],
    gateway,
    ports: await portsOf(settings, gateway, place.platform),
    pipe: await pipeOf(place, settings, gateway),
    ...terminalsOf(place, settings),
  };
}

async function gatewayOf(endpoints: readonly string[]): Promise<GatewayFinding> {
  try {
    const status = await callGateway(endpoints, 'status', {}, STATUS_TIMEOUT_MS);
    if (status.kind === 'no-gateway') return { kind: 'stopped' };
    if (status.kind === 'no-answer') return { kind: 'hung' };
    if (status.kind === 'refused') return status;
    const market = await callGateway(endpoints, 'market', {}, MARKET_TIMEOUT_MS);
    const silent = { symbols: null, newest_tick_ms: null };
    return { kind: 'running', status: status.output, market: market.kind === 'answered' ? market.output : silent };
  } catch (error) {
    // A gateway of another version answers in another form.
    return { kind: 'refused', message: (error as Error).message.split('\n')[0] ?? '' };
  }
}

function folderState(path: string): Findings['dataDir']['state'] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  try {
    accessSync(path, constants.W_OK);
    return stat.isDirectory() ? 'writable' : 'read-only';
  } catch {
    return 'read-only';
  }
}

async function portsOf(
  settings: Settings,
  gateway: GatewayFinding,
  platform: NodeJS.Platform,
): Promise<Record<Channel, PortFinding>> {
  const { host, commandPort, dataPort, eventPort, bridgePort } = settings;
  const running = gateway.kind === 'running' ? portOf(gateway.status.endpoints.command) : commandPort;
  const [command, data, event, bridge] = await Promise.all([
    portFinding(host, running, platform),
    portFinding(host, dataPort, platform),
    portFinding(host, eventPort, platform),
    portFinding('127.0.0.1', bridgePort, platform),
  ]);
  return { command, data, event, bridge };
}

async function portFinding(host: string, port: number, platform: NodeJS.Platform): Promise<PortFinding> {
  const state = port === 0 ? 'free' : await portState(host, port);
  return { port, state, holder: state === 'taken' ? await portHolder(port, platform) : null };
}

function portState(host: string, port: number): Promise<PortFinding['state']> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve('free')));
  });
}

async function pipeOf(place: Place, settings: Settings, gateway: GatewayFinding): Promise<PipeFinding> {
  try {
    const path = pipePath(settings.bridgePipe, place.environment, place.platform);
    const isOwn = gateway.kind === 'running' && terminalInUse({ gateway, settings }) === 'bridge';
    if (isOwn) return { kind: 'unasked', path };
    return { kind: (await isAnswering(path)) ? 'taken' : 'free', path };
  } catch (error) {
    if (error instanceof TerminalSetupError) return { kind: 'unusable', why: error.message };
    throw error;
  }
}

function tokenIn(dataDir: string): { readonly state: Findings['token']; readonly text: string } {
  try {
    const text = readBridgeToken(dataDir);
    return text === null ? { state: 'none', text: '' } : { state: 'there', text };
  } catch {
    return { state: 'unreadable', text: '' };
  }
}

function terminalsOf(
  { dataDir, sources, roots, terminalFolder }: Place,
  settings: Settings,
): Pick<Findings, 'programVersion' | 'token' | 'terminals' | 'strangeFolder'> {
  const source = readProgramSource(sources);
  const token = tokenIn(dataDir);
  const wanted = { source: source ?? NO_SOURCE, token: token.text, inputs: programInputs(settings) };
  const named = terminalFolder === undefined ? null : terminalAt(terminalFolder, roots);
  const terminals: readonly Terminal[] =
    terminalFolder === undefined ? findTerminals(roots) : named === null ? [] : [named];
  return {
    programVersion: source?.version ?? null,
    token: token.state,
    terminals: terminals.map((terminal) => inspect(terminal, wanted)),
    strangeFolder: terminalFolder !== undefined && named === null ? terminalFolder : null,
  };
}
