/** What befalls one call of OrderSend. */
export type BrokerFault =
  | { readonly kind: 'none' }
  /** Does nothing and answers the code. */
  | { readonly kind: 'refuse'; readonly retcode: number }
  /** Carries it out and answers the code instead, like TIMEOUT for an order that was filled. */
  | { readonly kind: 'misreport'; readonly retcode: number }
  /** The market gives only a share of a deal's volume: DONE_PARTIAL, or REJECT for FOK. */
  | { readonly kind: 'fill-part'; readonly share: number }
  /** Answers PLACED and deals 200 ms later. */
  | { readonly kind: 'place-first' }
  /** OrderSend takes so long; what happens, happens at the end of it. */
  | { readonly kind: 'delay'; readonly delayMs: number; readonly then?: BrokerFault }
  /** OrderSend returns false with retcode 0: nothing left the terminal. */
  | { readonly kind: 'fail'; readonly lastError: number }
  /** Never answers: the program waits inside OrderSend for as long as it lives. */
  | { readonly kind: 'silent'; readonly executed: boolean };

/** The faults that wait for their calls, in order; a call without one goes well. */
export class FaultScript {
  readonly #faults: BrokerFault[] = [];

  clear(): void {
    this.#faults.length = 0;
  }

  add(faults: readonly BrokerFault[]): void {
    this.#faults.push(...faults);
  }

  /** What befalls the call that comes in now. */
  take(): BrokerFault {
    return this.#faults.shift() ?? { kind: 'none' };
  }
}
