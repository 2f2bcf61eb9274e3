import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram } from '../mql5/build.ts';
import { ProgramProcess } from '../mql5/program-process.ts';
import { BenchGateway, newDataDir } from './bench-gateway.ts';
import { BenchChild } from './child.ts';
import { FLOOD_SYMBOLS } from './flood-ticks.ts';
import type { Stage } from './row.ts';

const LINK_TIMEOUT_MS = 10_000;
const WARM_UP_TICKS = 100;
const WARM_UP_TRIES = 20;

/** A gateway that trades through the bridge program and a simulated broker, and a brain: a process each. */
export interface BridgeStand {
  readonly gateway: BenchGateway;
  readonly program: ProgramProcess;
  readonly broker: BenchChild;
  readonly brain: BenchChild;
}

/** Starts one that trades. The program is the one that ships, optimised, on the timer that MetaTrader gives it. */
export async function openBridge(stage: Stage): Promise<BridgeStand> {
  const executable = await buildProgram({ variant: 'optimised' });
  const broker = stage.use(BenchChild.node('sim-broker.ts'));
  const pipe = `mt5-fabric-bench-${randomUUID()}`;
  const flags = ['--terminal', 'bridge', '--bridge-pipe', pipe, '--bridge-port', '0'];
  const gateway = stage.use(await BenchGateway.startIn(newDataDir(), ...flags));
  const program = ProgramProcess.start({
    executable,
    broker: `tcp:127.0.0.1:${await broker.port()}`,
    dataDir: terminalFolder(join(gateway.dataDir, 'bridge.token')),
    pipeFolder: process.env['XDG_RUNTIME_DIR'] || tmpdir(),
    inputs: { InpPipe: pipe, InpTcpPort: 0 },
  });
  stage.use({
    [Symbol.asyncDispose]: async () => {
      await program.stop();
    },
  });
  await program.waitForLine('linked to gateway', LINK_TIMEOUT_MS);
  // A real account is halted until it has been resumed once.
  await gateway.resume();
  const brain = stage.use(
    BenchChild.node('bridge-brain.ts', gateway.ports.command, gateway.ports.data, ...FLOOD_SYMBOLS),
  );
  return { gateway, program, broker, brain };
}

/** What a flood of ticks came to. */
export interface Flood {
  readonly pushed: number;
  /** Pushed by the broker, but not received by the brain. */
  readonly lost: number;
  /** Those of them that `seq` shows: lost behind the gateway. */
  readonly missing: number;
  /** Ticks a second at the brain. */
  readonly rate: number;
  readonly delayP50: number;
  readonly delayP99: number;
}

/** Ticks from the broker to the brain, flat out where `perSecond` is 0. */
export async function flood(
  { broker, brain }: BridgeStand,
  what: { readonly perSecond: number; readonly ms?: number; readonly limit?: number; readonly symbols?: number },
  timeoutMs?: number,
): Promise<Flood> {
  await brain.ask('reset');
  const { pushed } = await broker.ask('flood', { ...what }, timeoutMs);
  const { count, missing, rate, delayP50, delayP99 } = await brain.ask('settle', { expected: pushed! });
  const lost = pushed! - count!;
  return { pushed: pushed!, lost, missing: missing!, rate: rate!, delayP50: delayP50!, delayP99: delayP99! };
}

/** Ticks until the brain's subscription has reached the broker. */
export async function warmUpTicks(stand: BridgeStand): Promise<void> {
  for (let tries = 0; tries < WARM_UP_TRIES; tries += 1) {
    const { lost } = await flood(stand, { perSecond: 0, limit: WARM_UP_TICKS });
    if (lost === 0) return;
  }
  throw new Error('no tick that the broker pushes reaches the brain whole');
}

/** A terminal's folder with the token that the gateway has made. */
function terminalFolder(tokenFile: string): string {
  const folder = newDataDir();
  const files = join(folder, 'MQL5', 'Files', 'MT5Fabric');
  mkdirSync(files, { recursive: true });
  copyFileSync(tokenFile, join(files, 'token.txt'));
  return folder;
}
