import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../main/clock.ts';
import { silentLog } from '../../main/log.ts';
import { TerminalHandler } from '../../main/mt5/terminal/terminal-handler.ts';
import { dataFolder, removeFolder } from './data-folder.ts';
import { buildProgram } from '../mql5/build.ts';
import { SimBroker } from '../mql5/broker/sim-broker.ts';
import { ProgramProcess } from '../mql5/program-process.ts';
import type { Adapter, RigOptions, Terms } from './adapter.ts';
import { BridgeMarket } from './bridge-market.ts';
import { brokerTruth } from './bridge-truth.ts';

const TOKEN = 'a-token-of-the-tests';
const LOGIN = 5_000_123n;
const SERVER_OFFSET_S = 7_200;
const LINKED_WITHIN_MS = 15_000;
const TERMS: Terms = {
  accountMode: 'DEMO',
  login: LOGIN.toString(),
  placedRetcode: 10009,
};

let compiled: Promise<string> | null = null;

/** The program as it ships, compiled once for all behaviours. */
export function compiledProgram(): Promise<string> {
  return (compiled ??= buildProgram({ variant: 'plain' }));
}

/** The program that ships, compiled with g++, behind the link of the gateway, and the simulated broker behind it. */
export async function startBridgeAdapter(options: RigOptions): Promise<Adapter> {
  return startProgramAdapter(await compiledProgram(), options);
}

/** The same with another build of a program. */
export async function startProgramAdapter(executable: string, options: RigOptions): Promise<Adapter> {
  const folder = dataFolder();
  const dataDir = join(folder, 'terminal');
  mkdirSync(join(dataDir, 'MQL5', 'Files', 'MT5Fabric'), { recursive: true });
  writeFileSync(join(dataDir, 'MQL5', 'Files', 'MT5Fabric', 'token.txt'), TOKEN);
  const broker = await SimBroker.start(brokerOptions(options));
  const terminal = new TerminalHandler(
    {
      ...{ pipePath: join(folder, 'mt5-fabric'), tcpPort: null, token: TOKEN, session: randomUUID() },
      // The broker of the tests is at hand: what its history does not show has not happened.
      ...{ gatewayVersion: '1.2.3', settleMs: 0, startPatienceMs: LINKED_WITHIN_MS },
    },
    { clock: systemClock, log: silentLog },
  );
  const startProgram = () =>
    ProgramProcess.start({
      ...{ executable, dataDir, broker: broker.address, pipeFolder: folder },
      // No port: another gateway on this machine is none of its business.
      inputs: { InpHistorySettleS: 0, InpTcpPort: 0 },
    });
  // The gateway listens first: a program that finds nobody waits before it tries again.
  const linked = terminal.start();
  let program = startProgram();
  await linked;
  if (!terminal.state().linked) throw new Error(`the program did not link: ${program.lines.join('; ')}`);
  const faults: string[] = [];
  const endProgram = async () => {
    const isRunning = program.end === null;
    await program.kill();
    if (!isRunning || program.errors !== '') faults.push(`the program ended by itself: ${program.errors}`);
  };
  const restart = async () => {
    await endProgram();
    program = startProgram();
  };
  return {
    terms: TERMS,
    terminal,
    market: new BridgeMarket(broker, terminal, restart),
    truth: brokerTruth(broker, SERVER_OFFSET_S),
    stop: async () => {
      await endProgram();
      await terminal.stop();
      await broker.stop();
      removeFolder(folder);
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
}

function brokerOptions({ marginMode = 'HEDGING', firstTicket = 1_001n, latencyMs = 0 }: RigOptions) {
  return {
    marginMode,
    firstTicket,
    answerDelayMs: latencyMs,
    balance: 10_000,
    login: LOGIN,
    serverOffsetS: SERVER_OFFSET_S,
  };
}
