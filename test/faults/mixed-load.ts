import { setTimeout as pause } from 'node:timers/promises';
import type { AccountTargets } from './account-targets.ts';
import type { Chance } from './chance.ts';
import { isFinal, newCommand, type Asked, type SentCommand } from './sent-command.ts';
import type { Reply, WireClient } from './wire-client.ts';

/** The clients of a run: three with a name, and one without. */
export const CLIENT_NAMES = ['alpha', 'beta', 'gamma', null] as const;

const SYMBOLS = ['EURUSD', 'GBPUSD'] as const;
/** From here on more is closed than opened, so that an account outlives many cycles. */
const MANY_POSITIONS = 40;
const MANY_ORDERS = 25;
const MOST_IN_FLIGHT = 3;
const LONGEST_PAUSE_MS = 8;
const LONGEST_PAUSE_REFUSED_MS = 60;

export interface LoadPorts {
  readonly chance: Chance;
  readonly targets: AccountTargets;
  /** Takes every command in the moment in which it is made. */
  readonly sent: SentCommand[];
  /** Called with every reply, once it is noted. */
  readonly onReply: () => void;
}

/** A mixed load of trading commands: orders, pending orders, closings, cancellations, faulty ones, and copies of each. */
export class MixedLoad {
  readonly #ports: LoadPorts;
  #isStopped = false;
  /** Requests sent that were copies of earlier bytes. */
  copies = 0;

  constructor(ports: LoadPorts) {
    this.#ports = ports;
  }

  /** Sends until `stop` or until the connections end; each client has several commands in flight. */
  async run(clients: readonly WireClient[]): Promise<void> {
    const lanes = clients.flatMap((client, index) => {
      const count = this.#ports.chance.whole(1, MOST_IN_FLIGHT);
      return Array.from({ length: count }, () => this.#lane(client, CLIENT_NAMES[index % CLIENT_NAMES.length]!));
    });
    await Promise.all(lanes);
  }

  /** Ends the load once what is in flight has been answered. */
  stop(): void {
    this.#isStopped = true;
  }

  async #lane(client: WireClient, name: string | null): Promise<void> {
    const { chance, sent } = this.#ports;
    while (!this.#isStopped) {
      const command = newCommand(name, this.#choose());
      sent.push(command);
      const asked = this.#ask(client, command);
      const copied = chance.is(0.1) ? this.#copy(client, command) : null;
      const reply = await asked;
      await copied;
      if (reply === null) return;
      // What is refused is refused at once: a halted gateway would otherwise see nothing else.
      await pause(chance.between(0, reply.status === 'ERROR' ? LONGEST_PAUSE_REFUSED_MS : LONGEST_PAUSE_MS));
    }
  }

  async #copy(client: WireClient, command: SentCommand): Promise<void> {
    await pause(this.#ports.chance.between(0, 3));
    this.copies += 1;
    await this.#ask(client, command);
  }

  async #ask(client: WireClient, command: SentCommand): Promise<Reply | null> {
    const reply = await client.ask(command.key.reqId, command.bytes);
    if (reply === null) return null;
    command.replies.push(reply);
    this.#aimAt(command, reply);
    this.#ports.onReply();
    return reply;
  }

  #aimAt({ asked, replies }: SentCommand, reply: Reply): void {
    if (reply.status !== 'SUCCESS' || replies.filter(isFinal).length > 1) return;
    const { ticket } = reply.data as { readonly ticket: number };
    if (asked.kind === 'market') this.#ports.targets.addPosition(ticket);
    else if (asked.kind === 'pending') this.#ports.targets.addOrder(ticket);
  }

  #choose(): Asked {
    const { chance, targets } = this.#ports;
    if (chance.is(0.04)) return faulty(chance);
    if (targets.positions > 0 && chance.is(targets.positions > MANY_POSITIONS ? 0.7 : 0.3)) {
      return closing(targets.takePosition(chance), chance);
    }
    if (targets.orders > 0 && chance.is(targets.orders > MANY_ORDERS ? 0.7 : 0.3)) {
      const ticket = targets.takeOrder(chance);
      return { kind: 'cancel', ticket, payload: { ticket } };
    }
    return chance.is(0.3) ? pendingOrder(chance) : marketOrder(chance);
  }
}

function marketOrder(chance: Chance): Asked {
  const order = { symbol: chance.pick(SYMBOLS), side: chance.pick(['BUY', 'SELL']), volume: lots(chance) };
  return { kind: 'market', payload: chance.is(0.5) ? order : { ...order, comment: 'load' } };
}

/** Far from the price, so that it waits until it is cancelled. */
function pendingOrder(chance: Chance): Asked {
  const symbol = chance.pick(SYMBOLS);
  return { kind: 'pending', payload: { symbol, side: 'BUY', type: 'LIMIT', volume: lots(chance), price: 0.5 } };
}

function closing(ticket: number, chance: Chance): Asked {
  return { kind: 'close', ticket, payload: chance.is(0.3) ? { ticket, volume: 0.01 } : { ticket } };
}

/** What has to be refused: by the broker, or since there is nothing to close. */
function faulty(chance: Chance): Asked {
  if (chance.is(0.5)) return { kind: 'close', ticket: 1, payload: { ticket: 1 } };
  return { kind: 'market', payload: { symbol: 'EURUSD', side: 'BUY', volume: 0.013 } };
}

function lots(chance: Chance): number {
  return chance.pick([0.01, 0.02, 0.03]);
}
