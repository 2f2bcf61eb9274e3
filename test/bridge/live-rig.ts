import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../main/clock.ts';
import { silentLog } from '../../main/log.ts';
import { TerminalHandler } from '../../main/mt5/terminal/terminal-handler.ts';
import type { SimBrokerOptions } from '../mql5/broker/broker-options.ts';
import type { RigOptions } from './adapter.ts';
import { BehaviourRig } from './behaviour-rig.ts';
import { BridgeMarket } from './bridge-market.ts';
import { brokerTruth } from './bridge-truth.ts';
import { CuttablePipe } from './cuttable-pipe.ts';
import { dataFolder, removeFolder } from './data-folder.ts';
import { LiveTerminal } from './live-terminal.ts';

const TOKEN = 'a-token-of-the-tests';
const PIPE = 'mt5-fabric';
/** After this a command is answered PENDING, as by default. */
const DEADLINE_MS = 1_500;

export interface LiveOptions extends Pick<RigOptions, 'commandDeadlineMs' | 'watched'> {
  readonly broker?: Partial<SimBrokerOptions>;
  /** How long after a lost answer no trace of an order is proof; 0 when absent. */
  readonly settleMs?: number;
  /** The gateway's clock; the machine's own when absent. */
  readonly clock?: Clock;
}

/** A gateway in this process, linked to the compiled program in a terminal on a simulated broker. */
export interface Live {
  readonly rig: BehaviourRig;
  readonly terminal: LiveTerminal;
  readonly handler: TerminalHandler;
  readonly pipe: CuttablePipe;
}

/** Plays with a gateway in TRADING that is linked to the program, and ends both. */
export async function withProgram(options: LiveOptions, play: (live: Live) => Promise<void>): Promise<void> {
  const folder = dataFolder();
  const pipePath = join(folder, 'gateway');
  const pipe = await CuttablePipe.start(join(folder, PIPE), pipePath);
  const terminal = await LiveTerminal.start({
    ...{ token: TOKEN, pipe: PIPE, pipeFolder: folder },
    ...(options.broker === undefined ? {} : { broker: options.broker }),
  });
  const clock = options.clock ?? systemClock;
  const handler = new TerminalHandler(
    {
      ...{ pipePath, tcpPort: null, token: TOKEN, session: randomUUID(), gatewayVersion: '1.2.3' },
      ...{ settleMs: options.settleMs ?? 0, startPatienceMs: 10_000 },
    },
    { clock, log: silentLog },
  );
  const rig = await startRig(options, terminal, handler, clock);
  try {
    await play({ rig, terminal, handler, pipe });
  } finally {
    await rig.stop();
    pipe.stop();
    removeFolder(folder);
  }
}

async function startRig(options: LiveOptions, terminal: LiveTerminal, handler: TerminalHandler, clock: Clock) {
  const { broker } = terminal;
  await handler.start();
  const restart = async () => {
    await terminal.kill();
    terminal.startProgram();
  };
  const adapter = {
    terms: {
      accountMode: 'DEMO',
      login: String(broker.account.login),
      placedRetcode: 10009,
      subscriptionMs: 60,
    },
    terminal: handler,
    market: new BridgeMarket(broker, handler, restart),
    truth: brokerTruth(broker, 7_200),
    stop: async () => {
      await handler.stop();
      await terminal.stop();
    },
  } as const;
  return BehaviourRig.start(adapter, { commandDeadlineMs: DEADLINE_MS, ...options }, clock);
}
