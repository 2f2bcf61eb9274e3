import { setTimeout as pause } from 'node:timers/promises';
import { controlEndpoints } from '../../main/config/data-dir.ts';
import { callGateway } from '../../main/control/client.ts';
import type { ControlOutput } from '../../main/control/contract.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const RESUME_PATIENCE_MS = 15_000;

/** The person at the gateway's machine, over its control endpoint. */
export class Operator {
  readonly #endpoints: readonly string[];

  constructor(dataDir: string) {
    this.#endpoints = controlEndpoints(dataDir, process.env);
  }

  /** The gateway's status. Throws when none answers. */
  async status(): Promise<ControlOutput<'status'>> {
    const result = await callGateway(this.#endpoints, 'status', {}, ANSWER_TIMEOUT_MS);
    if (result.kind !== 'answered') throw new Error(`no status: ${result.kind}`);
    return result.output;
  }

  /** Asks until the state is as wished, for at most `timeoutMs`; the last one comes back either way. */
  async stateWhen(
    isWished: (state: ControlOutput<'status'>['state']) => boolean,
    timeoutMs: number,
  ): Promise<ControlOutput<'status'>['state']> {
    const untilMs = performance.now() + timeoutMs;
    for (;;) {
      const { state } = await this.status();
      if (isWished(state) || performance.now() > untilMs) return state;
      await pause(20);
    }
  }

  /** Resumes with a reason, again and again while a flatten is still under way. Returns null, or why it was refused for 15 s. */
  async resume(): Promise<string | null> {
    const untilMs = performance.now() + RESUME_PATIENCE_MS;
    for (;;) {
      const refused = await this.resumeOnce();
      if (refused === null || performance.now() > untilMs) return refused;
      await pause(50);
    }
  }

  /** Resumes with a reason. Returns null, or why it was refused. */
  async resumeOnce(): Promise<string | null> {
    const input = { reason: 'the account was checked after a fault' };
    const result = await callGateway(this.#endpoints, 'resume', input, ANSWER_TIMEOUT_MS);
    if (result.kind !== 'answered') return result.kind === 'refused' ? result.message : result.kind;
    return result.output.resumed ? null : result.output.message;
  }

  /** Halts and closes everything. Returns the state after it. Throws when no gateway answers. */
  async kill(): Promise<ControlOutput<'kill'>['state']> {
    const result = await callGateway(this.#endpoints, 'kill', { reason: 'a fault test' }, ANSWER_TIMEOUT_MS);
    if (result.kind !== 'answered') throw new Error(`no answer to kill: ${result.kind}`);
    return result.output.state;
  }
}
