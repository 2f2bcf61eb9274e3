/** What can be wrong with a line of the program. */
export type LineFaultKind =
  | 'UNKNOWN_KIND'
  | 'FIELD_COUNT'
  | 'NUMBER'
  | 'ENUMERATION'
  | 'ESCAPE'
  /** A reply to a request that was never made. */
  | 'UNKNOWN_REQUEST'
  | 'TOO_LONG';

/** A line that docs/BRIDGE.md does not have. It is refused and counted; the link stays, unless the line is too long. */
export class LineFault extends Error {
  override readonly name = 'LineFault';
  readonly kind: LineFaultKind;

  constructor(kind: LineFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
