import { isOwn, tagOf } from '../../main/gateway/trade-marks.ts';
import type { Position } from '../../main/mt5/market.ts';
import { Breach, type Property } from './breach.ts';
import { MAGIC_BASE } from './gateway-process.ts';
import type { ModelScope } from './lattice.ts';
import type { ModelTerminal } from './model-terminal.ts';

interface Command {
  writes: number;
  executions: number;
  /** Why it must never be executed, once that has been told. */
  refusedAs: string | null;
}

/** What became of each command at the terminal, over all restarts. */
export class Ledger {
  readonly #commands = new Map<string, Command>();
  readonly #terminal: ModelTerminal;
  readonly #breach: (breach: Breach) => void;
  /** Set while the book counts as flat: nothing of before may fill. */
  isFlat = false;
  /** The highest epoch that an entry was written in. */
  highestEpoch = 0;

  constructor(terminal: ModelTerminal, breach: (breach: Breach) => void) {
    this.#terminal = terminal;
    this.#breach = breach;
  }

  /** A command was written to the terminal. */
  wrote(comment: string, epoch: number): void {
    const command = this.#of(tagIn(comment));
    command.writes += 1;
    this.highestEpoch = Math.max(this.highestEpoch, epoch);
    if (command.refusedAs !== null) {
      this.#fail('refused-stays-refused', `${comment} was written after it had been refused as ${command.refusedAs}`);
    }
  }

  /** The broker has done something that carries these marks. */
  done({ magic, comment }: Pick<Position, 'magic' | 'comment'>, isEntry: boolean): void {
    if (!isOwn({ magic, comment }, MAGIC_BASE)) return;
    const command = this.#of(tagIn(comment));
    command.executions += 1;
    if (command.executions > 1) this.#fail('one-execution', `${comment} was executed ${command.executions} times`);
    if (command.refusedAs !== null) {
      this.#fail('refused-stays-refused', `${comment} was executed, and had been refused as ${command.refusedAs}`);
    }
    if (isEntry && this.isFlat) this.#fail('flat-is-flat', `${comment} was executed after the book was called flat`);
  }

  /** A client was told that its command did not happen; `isForGood` where that was recorded. */
  refused(client: string, reqId: string, code: string, isForGood: boolean): void {
    const command = this.#of(tagOf({ client, reqId }));
    if (command.executions > 0) {
      this.#fail('refused-stays-refused', `${client} ${reqId} was refused as ${code}, and had been executed`);
    }
    if (isForGood) command.refusedAs = code;
  }

  /** Why the book in this scope is not flat, `lookedAtMs` being the last look at it; null when it is. */
  whyNotFlat(scope: ModelScope, lookedAtMs: number): string | null {
    const { positions, orders } = this.#terminal.broker;
    // What a person opens after the last look nobody can have seen.
    const isUnseen = (position: Position) => position.openedAtMs >= lookedAtMs && !isOwn(position, MAGIC_BASE);
    const isInScope = (item: Pick<Position, 'magic' | 'comment'>) => scope === 'account' || isOwn(item, MAGIC_BASE);
    const seen = [...positions.values()].filter((position) => !isUnseen(position));
    const left = [...seen, ...orders.values()].filter(isInScope);
    if (left.length > 0) return `called flat with ${left.length} in the book`;
    const entries = this.#terminal.atWork.filter(({ kind }) => kind === 'open');
    return entries.length > 0 ? `called flat with ${entries.length} order(s) inside OrderSend` : null;
  }

  #of(tag: string): Command {
    const command = this.#commands.get(tag) ?? { writes: 0, executions: 0, refusedAs: null };
    this.#commands.set(tag, command);
    return command;
  }

  #fail(property: Property, what: string): void {
    this.#breach(new Breach(property, what));
  }
}

function tagIn(comment: string): string {
  return comment.slice(comment.lastIndexOf('~') + 1);
}
