import type { RawTradeRequest } from '../../mql5/broker/broker-types.ts';
import type { BridgeRig } from './bridge-rig.ts';
import type { FaultName, PlannedFault } from './fault.ts';
import type { LineFate } from './line-queue.ts';
import { PREPARATIONS } from './preparations.ts';

/** Where in the broker something can happen to the program: a request has come in, or is done with and not answered yet. */
export type BrokerPhase = 'received' | 'executed';
type BrokerTrap = (request: RawTradeRequest) => void | Promise<void>;

/** Prepares faults at their points. A fault counts when it has struck. */
export class FaultInjector {
  readonly rig: BridgeRig;
  readonly #struck: FaultName[] = [];
  readonly #traps: Record<BrokerPhase, BrokerTrap[]> = { received: [], executed: [] };
  #isStuck = false;

  constructor(rig: BridgeRig) {
    this.rig = rig;
    rig.broker.onSend = (request, phase) => this.#atBroker(request, phase);
  }

  get struck(): readonly FaultName[] {
    return this.#struck;
  }

  /** Prepares a fault, or lets it strike now where its point is a quiet moment. */
  async prepare(fault: PlannedFault): Promise<void> {
    await PREPARATIONS[fault.name](this, fault);
  }

  strike({ name }: PlannedFault): void {
    this.#struck.push(name);
  }

  /** Breaks the link at a line, after this share of it. */
  breakAt(fault: PlannedFault, share: number): LineFate {
    this.strike(fault);
    return { kind: 'break', share };
  }

  /** The trap takes the next order that comes to that phase. */
  trapBroker(phase: BrokerPhase, trap: BrokerTrap): void {
    this.#traps[phase].push(trap);
  }

  /** OrderSend does not return any more: after a while a person sees that the terminal hangs, and starts it anew. */
  programHangs(seenAfterMs: number): void {
    this.#isStuck = true;
    setTimeout(() => void this.freeProgram(), seenAfterMs);
  }

  /** Starts a program that hangs anew. */
  async freeProgram(): Promise<void> {
    if (!this.#isStuck) return;
    this.#isStuck = false;
    await this.rig.killProgram(0);
  }

  /**
   * Lines pass, history comes, and the program goes on. What waits at the broker still strikes the orders that come yet, once each: a broker
   * cannot be called back.
   */
  disarm(): void {
    this.rig.proxy.disarm();
    this.rig.broker.holdHistory(false);
    this.rig.resumeProgram();
  }

  async #atBroker(request: RawTradeRequest, phase: BrokerPhase): Promise<void> {
    this.rig.account.note(request, phase);
    await this.#traps[phase].shift()?.(request);
  }
}
