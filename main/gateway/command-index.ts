import type { CommandKey } from '../audit/audit-log.ts';
import type { Command } from './command.ts';

/**
 * The commands of this session by key: all that are open, and the latest of the settled ones. What has been forgotten
 * here is still in the audit log, which has the last word on every key.
 */
export class CommandIndex {
  readonly #capacity: number;
  readonly #commands = new Map<string, Command>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#commands.size;
  }

  find(key: CommandKey): Command | null {
    return this.#commands.get(keyText(key)) ?? null;
  }

  add(command: Command): void {
    this.#commands.set(keyText(command.key), command);
    if (this.#commands.size > this.#capacity) this.#forgetOldest();
  }

  /** An open command is kept whatever its age, since clients wait for its answer. */
  #forgetOldest(): void {
    let looks = this.#commands.size;
    for (const [key, command] of this.#commands) {
      this.#commands.delete(key);
      if (!command.isOpen) return;
      // To the end, so that the next search does not step over it again.
      this.#commands.set(key, command);
      looks -= 1;
      if (looks === 0) return;
    }
  }
}

// A client's name has no NUL, so no two keys share a text.
function keyText({ client, reqId }: CommandKey): string {
  return `${client}\0${reqId}`;
}
