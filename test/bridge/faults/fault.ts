/** Every fault with the point at which it strikes. A gap in the words parts the two. */
export const FAULTS = [
  'cut: idle',
  'cut: request not delivered',
  'cut: inside the request',
  'cut: request delivered',
  'cut: reply not delivered',
  'cut: inside the reply',
  'delay: request',
  'delay: reply',
  'program killed: idle',
  'program killed: order received',
  'program killed: order executed',
  'program stopped: idle',
  'program stopped: order received',
  'gateway killed: idle',
  'gateway killed: line written',
  'gateway killed: reply on its way',
  'broker 10012: executed',
  'broker 10012: not executed',
  'broker silent: executed',
  'broker silent: not executed',
  'broker slow: order received',
  'comment rewritten: answered',
  'comment rewritten: reply cut',
  'comment rewritten: program killed',
  'history held: 10012, executed',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** A fault of a run, as its seed wants it. */
export interface PlannedFault {
  readonly name: FaultName;
  /** The command before which it is prepared; it strikes the first that passes its point. */
  readonly atStep: number;
  /** How long it lasts where it lasts: a delay, a standstill, the time until a killed program is back. */
  readonly spanMs: number;
  /** How much of a line passes before it breaks off, 0 to 1. */
  readonly share: number;
}
