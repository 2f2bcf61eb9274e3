import { setTimeout as pause } from 'node:timers/promises';
import type { RunningGateway } from '../../running-gateway.ts';
import { seedFor } from '../../../main/mt5/paper/random.ts';
import { AccountRig } from '../account-rig.ts';
import { AccountTally } from '../account-tally.ts';
import { Chance } from '../chance.ts';
import { MixedLoad } from '../mixed-load.ts';
import type { Effort, PartResult } from '../part.ts';
import { drawResends, lookUp, resend } from '../resend.ts';
import type { SentCommand } from '../sent-command.ts';
import type { WireClient } from '../wire-client.ts';
import { type CrashMoment, drawMoment } from './crash-moment.ts';
import { crashInStartUp } from './start-up-crash.ts';

/** Beside each other, since a gateway mostly waits: for the disk, and for proof of what did not happen. */
const ACCOUNTS = 3;
const SAY_EVERY = 10;
const VERIFY_EVERY = 8;
const LOOK_UPS = 6;
const IDLE_MS = 300;

/** SIGKILL in a loop, under load: after each, every acknowledgement is compared with log and account. */
export async function killPart({ cycles, seed, say }: Effort): Promise<PartResult> {
  const tally = new AccountTally('SIGKILL under load');
  let begun = 0;
  let done = 0;
  const oneAccount = async (account: number) => {
    const rig = new AccountRig();
    const loop = new KillLoop(rig, new Chance(seedFor(seed, `account ${account}`)));
    await rig.noteIfItThrows(async () => {
      await loop.begin();
      while (begun < cycles && rig.violations.all.length === 0) {
        begun += 1;
        await loop.cycle();
        done += 1;
        if (done % SAY_EVERY === 0) say(`kill: ${done} of ${cycles} cycles`);
      }
      await loop.end();
    });
    tally.add(rig, `account ${account}`, loop.crashes);
  };
  await Promise.all(Array.from({ length: ACCOUNTS }, (_, index) => oneAccount(index + 1)));
  return tally.result();
}

/** One gateway after the other in one data folder. Between two cycles it runs, trades, and everything is settled. */
class KillLoop {
  readonly #rig: AccountRig;
  readonly #chance: Chance;
  #gateway: RunningGateway | null = null;
  #clients: readonly WireClient[] = [];
  #cycles = 0;
  /** How often a gateway was killed: once a cycle, and sometimes once more while it started. */
  crashes = 0;

  constructor(rig: AccountRig, chance: Chance) {
    this.#rig = rig;
    this.#chance = chance;
  }

  async begin(): Promise<void> {
    await this.#start();
  }

  /** Load, SIGKILL, restart, resume; then all that was told is checked. */
  async cycle(): Promise<void> {
    const rig = this.#rig;
    const first = rig.sent.length;
    await this.#loadUntilCrash();
    if (this.#chance.is(0.15)) await this.#crashInStartUp();
    await this.#start();
    rig.readEvidence();
    const unsure = rig.sent.slice(first);
    await resend(rig, this.#clients, drawResends(unsure, this.#chance));
    await rig.resume();
    await resend(rig, this.#clients, drawResends(unsure, this.#chance));
    rig.readEvidence();
    await lookUp(rig, this.#clients[0]!, this.#chance.some(unsure.filter(needsLookUp), LOOK_UPS));
    rig.checkRecent(first);
    this.#cycles += 1;
    if (this.#cycles % VERIFY_EVERY === 0) await rig.verifyLog();
    rig.targets.reset(rig.journal);
  }

  /** Ends in order, and checks every command of the run once more. */
  async end(): Promise<void> {
    const rig = this.#rig;
    rig.readEvidence();
    rig.checkAll();
    const stopped = await this.#gateway!.stop();
    if (stopped.code !== 0) rig.note('contradicted', `told to end, it ended with ${stopped.code ?? 'a signal'}`);
    await rig.verifyLog();
  }

  async #start(): Promise<void> {
    const latencyMs = this.#chance.is(0.6) ? 0 : this.#chance.whole(1, 25);
    this.#gateway = await this.#rig.start(['--paper-latency-ms', String(latencyMs)]);
    this.#clients = await this.#rig.connect(this.#gateway);
  }

  async #loadUntilCrash(): Promise<void> {
    const { sent, targets } = this.#rig;
    const moment = drawMoment(this.#chance);
    const reached = Promise.withResolvers<null>();
    let replies = 0;
    const onReply = () => {
      replies += 1;
      if (moment.kind === 'at-reply' && replies === moment.replies) reached.resolve(null);
    };
    const load = new MixedLoad({ chance: this.#chance, targets, sent, onReply });
    const running = load.run(this.#clients);
    if (this.#chance.is(0.03)) await this.#killAndResume();
    await this.#wait(moment, reached.promise);
    const dead = this.#gateway!.crash();
    this.crashes += 1;
    await dead;
    await Promise.all(this.#clients.map(({ closed }) => closed));
    load.stop();
    await running;
    this.#rig.resent += load.copies;
  }

  async #wait(moment: CrashMoment, reached: Promise<null>): Promise<void> {
    switch (moment.kind) {
      case 'after':
        await pause(moment.delayMs);
        return;
      case 'at-reply':
        await Promise.race([reached, pause(IDLE_MS)]);
        return;
      case 'after-kill':
        await pause(this.#chance.between(10, 100));
        await this.#killSwitch();
        await pause(moment.delayMs);
    }
  }

  async #killSwitch(): Promise<void> {
    const reqId = `kill-${this.#rig.killsAtMs.length}`;
    const atMs = Date.now();
    this.#rig.killsAtMs.push(atMs);
    const request = { action: 'KILL_SWITCH', req_id: reqId, timestamp: atMs / 1000, payload: {} };
    const reply = await this.#clients[0]!.ask(reqId, Buffer.from(JSON.stringify(request)));
    if (reply?.status !== 'SUCCESS') this.#rig.note('lost', `a KILL_SWITCH was answered ${JSON.stringify(reply)}`);
  }

  /** The load goes on meanwhile, and is refused until the resume. */
  async #killAndResume(): Promise<void> {
    await pause(this.#chance.between(0, 50));
    await this.#killSwitch();
    await this.#rig.resume();
  }

  async #crashInStartUp(): Promise<void> {
    this.crashes += 1;
    await crashInStartUp(this.#rig.dataDir, this.#chance.between(20, 190));
  }
}

function needsLookUp({ replies }: SentCommand): boolean {
  return !replies.some(({ status }) => status === 'SUCCESS');
}
