import type { ArmedToken, ArmResult, DisarmResult, TokenContent, TokenReading } from '../../main/safety/armed-token.ts';

/** An ArmedToken in memory, which tests make fail or hang. */
export class MemoryToken implements ArmedToken {
  content: TokenContent | null = null;
  /** False: disarm fails both ways. */
  canDisarm = true;
  /** False: arm fails. */
  canArm = true;
  arms = 0;
  disarms = 0;
  #held: (() => void)[] | null = null;

  read(): Promise<TokenReading> {
    return Promise.resolve(this.content === null ? { kind: 'missing' } : { kind: 'armed', ...this.content });
  }

  async arm(content: TokenContent): Promise<ArmResult> {
    this.arms += 1;
    const disarms = this.disarms;
    await this.#turn();
    if (!this.canArm) return { ok: false, message: 'disk full' };
    if (this.disarms !== disarms) return { ok: false, message: 'trading was stopped meanwhile' };
    this.content = content;
    return { ok: true };
  }

  async disarm(): Promise<DisarmResult> {
    this.disarms += 1;
    await this.#turn();
    if (!this.canDisarm) return { kind: 'failed', message: 'read-only file system' };
    if (this.content === null) return { kind: 'absent' };
    this.content = null;
    return { kind: 'removed' };
  }

  /** From now on nothing is answered, as on a disk that hangs. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const waiting = this.#held ?? [];
    this.#held = null;
    for (const go of waiting) go();
  }

  #turn(): Promise<void> {
    const held = this.#held;
    if (held === null) return Promise.resolve();
    return new Promise((resolve) => {
      held.push(resolve);
    });
  }
}
