import type { CommandKey } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Safety } from '../safety/safety-port.ts';

/** So many kills of this session are remembered; the oldest go first. */
const KILLS_KEPT = 1_000;

interface Kill {
  readonly key: CommandKey;
  readonly receivedAtMs: number;
  updatedAtMs: number;
  /** Null until it has been answered. */
  data: JsonObject | null;
  isFlat: boolean;
}

interface Ports {
  readonly clock: Clock;
  readonly safety: Safety;
}

/** What GET_COMMAND tells of the kills of this session: what each was answered, and that the account was verified flat since. */
export class KillMemory {
  readonly #ports: Ports;
  readonly #kills = new Map<string, Kill>();
  readonly #stopListening: () => void;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#stopListening = ports.safety.onChange(() => this.#noteFlat());
  }

  /** A kill is in force. Returns what to call with the `data` of its answer. A `req_id` that is used again names the newest. */
  remember(key: CommandKey): (data: JsonObject) => void {
    const nowMs = this.#ports.clock.nowMs();
    const kill: Kill = { key, receivedAtMs: nowMs, updatedAtMs: nowMs, data: null, isFlat: false };
    const text = keyText(key);
    this.#kills.delete(text);
    this.#kills.set(text, kill);
    const [oldest] = this.#kills.keys();
    if (this.#kills.size > KILLS_KEPT && oldest !== undefined) this.#kills.delete(oldest);
    return (data) => {
      kill.data = data;
      kill.updatedAtMs = this.#ports.clock.nowMs();
      this.#noteFlat();
    };
  }

  /** A kill as GET_COMMAND shows it, or null. */
  find(key: CommandKey): JsonObject | null {
    const kill = this.#kills.get(keyText(key));
    return kill === undefined ? null : killView(kill);
  }

  /** Listens to the trading state no more. */
  stop(): void {
    this.#stopListening();
  }

  #noteFlat(): void {
    if (this.#ports.safety.state().flattenPhase !== 'FLAT') return;
    for (const kill of this.#kills.values()) {
      if (kill.isFlat) continue;
      kill.isFlat = true;
      kill.updatedAtMs = this.#ports.clock.nowMs();
    }
  }
}

function killView({ key, receivedAtMs, updatedAtMs, data, isFlat }: Kill): JsonObject {
  return {
    req_id: key.reqId,
    client_id: key.client,
    action: 'KILL_SWITCH',
    state: data === null ? 'DISPATCHING' : 'DONE',
    status: data === null ? 'PENDING' : 'SUCCESS',
    code: null,
    error: null,
    data: data === null ? {} : { ...data, ...(isFlat && closes(data) ? { flatten: 'FLAT' } : {}) },
    received_at: receivedAtMs / 1000,
    updated_at: updatedAtMs / 1000,
  };
}

function closes(data: JsonObject): boolean {
  return data['flatten'] !== 'NONE';
}

// A client's name has no NUL, so no two keys share a text.
function keyText({ client, reqId }: CommandKey): string {
  return `${client}\0${reqId}`;
}
