import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import type { ArmedToken, ArmResult, TokenContent } from './armed-token.ts';

export interface ArmingPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'state'>;
  readonly token: Pick<ArmedToken, 'arm'>;
  readonly log: Log;
}

/** Arms the token for the account that the terminal trades. */
export class Arming {
  readonly #ports: ArmingPorts;
  #armed: TokenContent | null = null;

  constructor(ports: ArmingPorts) {
    this.#ports = ports;
  }

  /** Writes a new token; refused while the terminal has not said its account. */
  async arm(epoch: number, armedBy: string): Promise<ArmResult> {
    const { account } = this.#ports.terminal.state();
    if (account === null) return { ok: false, message: 'the terminal has not said its account' };
    this.#armed = { epoch, account, armedAtMs: this.#ports.clock.nowMs(), armedBy };
    return this.#ports.token.arm(this.#armed);
  }

  /** Writes the last token again for a new epoch, so that after a stop in order it still agrees with the audit log. */
  async renew(epoch: number): Promise<void> {
    if (this.#armed === null) return;
    this.#armed = { ...this.#armed, epoch };
    const armed = await this.#ports.token.arm(this.#armed);
    if (!armed.ok) this.#ports.log.warn('armed-token-not-renewed', { message: armed.message });
  }
}
