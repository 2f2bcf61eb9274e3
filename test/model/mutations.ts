import type { Property } from './breach.ts';

/** One line of the gateway changed into a mistake, and the property that must name it. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly original: string;
  readonly mutated: string;
  readonly caughtBy: Property;
}

/** Mistakes that a kill switch must not have. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'flatten-before-halting',
    file: 'main/safety/kill-switch.ts',
    original: 'holder.enforce(triggers.reduce((state, trigger) => raise(state, trigger, nowMs), before));',
    mutated:
      'const halted = triggers.reduce((state, trigger) => raise(state, trigger, nowMs), before); ' +
      'const isFirst = triggers.some(({ flatten }) => flatten !== "none"); ' +
      'holder.enforce(isFirst ? { ...halted, mode: before.mode } : halted); ' +
      'if (isFirst) void Promise.resolve().then(() => this.#flatten.report())' +
      '.then(() => holder.become({ ...holder.now, mode: halted.mode }));',
    caughtBy: 'lattice',
  },
  {
    name: 'gate-on-receipt-only',
    file: 'main/gateway/trade-gate.ts',
    original: 'return trade.tooOld() ?? mayNotGoOn(trade, plan, safety);',
    mutated: 'return (trade.gated ??= { refusal: trade.tooOld() ?? mayNotGoOn(trade, plan, safety) }).refusal;',
    caughtBy: 'no-entry-after-a-stop',
  },
  {
    name: 'one-look-is-flat',
    file: 'main/safety/flat-proof.ts',
    original: 'return lookedAtMs - this.#emptySinceMs >= SETTLE_MS;',
    mutated: 'return true;',
    caughtBy: 'flat-is-flat',
  },
  {
    name: 'resume-over-the-wire',
    file: 'main/gateway/urgent-lane.ts',
    original: "if (decoded.kind !== 'request') return 'not-urgent';",
    mutated:
      "if (decoded.action === 'RESUME') void this.#ports.safety.resume(client, 'asked over the wire'); " +
      "if (decoded.kind !== 'request') return 'not-urgent';",
    caughtBy: 'only-a-person-resumes',
  },
  {
    name: 'deduplicated-kill',
    file: 'main/gateway/urgent-lane.ts',
    original: 'safety.raise(killTrigger(payload, client));',
    mutated: 'if (kills.find({ client, reqId }) === null) safety.raise(killTrigger(payload, client));',
    caughtBy: 'lattice',
  },
];
