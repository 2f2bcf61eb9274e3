/** Interesting states of a sequence: each of them has to be reached now and then, or the model would prove little. */
export const REACHED = [
  'a trade succeeded',
  'a trade was answered PENDING',
  'killed while starting',
  'killed while flattening',
  'killed with an order on its way to the terminal',
  "killed with an order in the terminal's queue",
  'killed with an order inside OrderSend',
  'killed with an order that fills late',
  'killed with an outcome not known',
  'killed without a link',
  'the answer to a close of the flatten was lost',
  'verified flat',
  'resumed',
  'a resume was overruled',
  'crashed while flattening',
  'crashed with an order under way',
  'stopped while flattening',
  'stopped while trading',
  'started with an unknown order',
] as const;
export type Reached = (typeof REACHED)[number];
