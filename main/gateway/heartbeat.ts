import type { Clock } from '../clock.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { PROTOCOL_VERSION, SERVICE_NAME } from '../protocol/constants.ts';
import type { Safety } from '../safety/safety-port.ts';

/** What a HEARTBEAT says of the gateway itself. */
export interface Identity {
  readonly version: string;
  /** Names this run of the gateway. */
  readonly session: string;
  readonly startedMonoMs: number;
}

interface Ports {
  readonly clock: Clock;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
}

/**
 * `data` of a HEARTBEAT reply, as JSON text. It is asked for more often than anything else and changes little, so what
 * stands between its two times is kept as text until it changes.
 */
export class Heartbeat {
  readonly #ports: Ports;
  readonly #startedMonoMs: number;
  readonly #head: string;
  readonly #session: string;
  #key = '';
  #state = '';

  constructor({ version, session, startedMonoMs }: Identity, ports: Ports) {
    this.#ports = ports;
    this.#startedMonoMs = startedMonoMs;
    const fixed = { status: 'alive', service: SERVICE_NAME, version, protocol: PROTOCOL_VERSION };
    this.#head = `${JSON.stringify(fixed).slice(0, -1)},"time":`;
    this.#session = session;
  }

  /** The text as of now. */
  dataText(): string {
    const { clock } = this.#ports;
    const uptimeS = Math.floor((clock.monoMs() - this.#startedMonoMs) / 1000);
    return `${this.#head}${clock.nowMs() / 1000},${this.#stateText()},"uptime_s":${uptimeS}}`;
  }

  /** The same with the lease that this heartbeat was granted, in seconds. */
  leaseText(leaseS: number): string {
    return `${this.dataText().slice(0, -1)},"lease_s":${leaseS}}`;
  }

  #stateText(): string {
    const { mode, epoch } = this.#ports.safety.state();
    const { connected, account } = this.#ports.terminal.state();
    const key = `${mode} ${epoch} ${connected} ${account?.mode ?? ''}`;
    if (key !== this.#key) {
      const state = { terminal_connected: connected, mode, account_mode: account?.mode ?? null, epoch };
      this.#state = JSON.stringify({ ...state, session: this.#session }).slice(1, -1);
      this.#key = key;
    }
    return this.#state;
  }
}
