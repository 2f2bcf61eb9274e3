/** The properties that every sequence is checked for. */
export const PROPERTIES = {
  lattice: 'mode and flatten are the maximum of what was asked for since the last resume, and the epoch rises',
  'only-a-person-resumes': 'nothing lowers a latched mode but a resume at this machine that nothing stands against',
  'no-entry-after-a-stop': 'from the turn in which a stop is received, no new entry is written to the terminal',
  'kill-is-answered': 'every KILL is answered once, with SUCCESS and the state of now',
  'flat-is-flat': 'the book is called flat only when it is, and nothing of before can fill after that',
  'flatten-ends': 'a flatten ends with an empty book once nothing is in its way',
  'close-only-what-is-live': 'no close asks for more than is live, and none is sent while another may still happen',
  'one-execution': 'a request is executed at most once, whatever is repeated or crashes',
  'one-reply': 'every request is answered exactly once, in time',
  'record-before-reply': 'a SUCCESS is on disk before it is told',
  'refused-stays-refused': 'what was refused is never sent',
  restart: 'a start is as restricted as the run before it says',
  'comes-to-rest': 'nothing is done over and over without a pause',
  'goes-on-afterwards': 'with all faults gone, a resume is possible and trading goes on',
} as const;
export type Property = keyof typeof PROPERTIES;

/** A property does not hold. */
export class Breach extends Error {
  readonly property: Property;

  constructor(property: Property, what: string) {
    super(`${property}: ${what}`);
    this.property = property;
  }
}
