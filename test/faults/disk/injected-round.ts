import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningGateway } from '../../running-gateway.ts';
import { AccountRig } from '../account-rig.ts';
import type { AccountTally } from '../account-tally.ts';
import type { Chance } from '../chance.ts';
import { MixedLoad } from '../mixed-load.ts';
import { expectHalted, expectKillWorks, expectRecovery } from './halted-account.ts';
import { failedCalls, nameOf, underStrace, type Injection } from './injection.ts';

const LOAD_MS = 6_000;
/** How long the load goes on after the fault, so that commands meet every moment of the halt. */
const AFTERMATH_MS = 60;

/** A new account under load whose disk fails once or for good, and its recovery. A call that was never made is no fault. */
export async function injectedRound(injection: Injection, chance: Chance, tally: AccountTally): Promise<void> {
  const rig = new AccountRig();
  const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-strace-'));
  const traceFile = join(folder, 'trace');
  try {
    await rig.noteIfItThrows(async () => {
      const gateway = await startUnder(injection, rig, traceFile);
      if (gateway !== null) await loadUntilFault(rig, gateway, injection, traceFile, chance);
      await expectRecovery(rig, chance);
    });
    const wasHit = failedCalls(traceFile) > 0;
    if (!wasHit) tally.note(`${nameOf(injection)} was never reached`);
    tally.add(rig, nameOf(injection), wasHit ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Null where the fault came so early that the gateway refused to start, which is as it should be. */
async function startUnder(injection: Injection, rig: AccountRig, traceFile: string): Promise<RunningGateway | null> {
  try {
    return await rig.start([], underStrace(injection, rig.dataDir, traceFile));
  } catch (error) {
    if (failedCalls(traceFile) > 0) return null;
    throw error;
  }
}

async function loadUntilFault(
  rig: AccountRig,
  gateway: RunningGateway,
  injection: Injection,
  traceFile: string,
  chance: Chance,
): Promise<void> {
  const hasFailed = () => failedCalls(traceFile) > 0;
  const clients = await rig.connect(gateway);
  const load = new MixedLoad({ chance, targets: rig.targets, sent: rig.sent, onReply: () => {} });
  const running = load.run(clients);
  const untilMs = performance.now() + LOAD_MS;
  while (!hasFailed() && performance.now() < untilMs) await pause(10);
  await pause(AFTERMATH_MS);
  if (hasFailed()) await expectHalted(rig, nameOf(injection));
  if (injection.lasting) await expectKillWorks(rig, nameOf(injection));
  load.stop();
  await running;
  for (const client of clients) client.close();
  await gateway.crash();
  rig.resent += load.copies;
}
