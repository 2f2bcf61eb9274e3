import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountRig } from '../account-rig.ts';
import type { Chance } from '../chance.ts';
import { resend } from '../resend.ts';
import { newCommand } from '../sent-command.ts';

const HALT_PATIENCE_MS = 5_000;
const RESENT = 12;

/** A log that cannot be written halts; notes a violation where it does not within 5 s. */
export async function expectHalted(rig: AccountRig, after: string): Promise<void> {
  const { mode, causes } = await rig.operator.stateWhen((state) => state.mode === 'HALTED', HALT_PATIENCE_MS);
  const kinds = causes.map(({ kind }) => kind);
  if (mode !== 'HALTED') rig.note('contradicted', `after ${after} the gateway is ${mode}, not HALTED`);
  else if (!kinds.includes('AUDIT')) {
    rig.note('contradicted', `after ${after} it is HALTED for ${kinds.join(', ')}, not for AUDIT`);
  }
}

/** A kill works whatever the disk does: the state is HALTED and the token worth nothing. */
export async function expectKillWorks(rig: AccountRig, after: string): Promise<void> {
  rig.killsAtMs.push(Date.now());
  const { mode } = await rig.operator.kill();
  if (mode !== 'HALTED') rig.note('contradicted', `after ${after} a kill left it ${mode}`);
  const token = readToken(rig.dataDir);
  if (token !== null && !token.startsWith('REVOKED')) {
    rig.note('contradicted', `after ${after} and a kill the ARMED token still stands`);
  }
}

/**
 * A start without the fault: halted, with everything that was acknowledged in its place, the recorded replies given
 * again, a log that verifies; and after a resume it trades.
 */
export async function expectRecovery(rig: AccountRig, chance: Chance): Promise<void> {
  const gateway = await rig.start();
  const clients = await rig.connect(gateway);
  rig.readEvidence();
  rig.checkAll();
  await resend(rig, clients, chance.some(rig.sent, RESENT));
  await rig.verifyLog();
  // Where the fault kept the first start from getting anywhere, this one is the first.
  if (gateway.mode !== 'TRADING') await rig.resume();
  const order = newCommand('alpha', {
    kind: 'market',
    payload: { symbol: 'EURUSD', side: 'BUY', volume: 0.01 },
  });
  rig.sent.push(order);
  const reply = await clients[0]!.ask(order.key.reqId, order.bytes);
  if (reply !== null) order.replies.push(reply);
  if (reply?.status !== 'SUCCESS') {
    rig.note('contradicted', `after a resume an order is answered ${JSON.stringify(reply)}`);
  }
  rig.readEvidence();
  rig.checkAll();
  for (const client of clients) client.close();
  await gateway.stop();
}

function readToken(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, 'ARMED'), 'utf8');
  } catch {
    return null;
  }
}
