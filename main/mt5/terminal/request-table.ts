import { Fields } from './fields.ts';
import { splitLine } from './line-codec.ts';
import { LineFault } from './line-fault.ts';

/** A request that waits for its end. */
export interface OpenRequest {
  /** A row or the end; throws LineFault for what it cannot read. */
  take(kind: string, fields: Fields): void;
  /** A line of its answer could not be read. */
  unreadable(why: string): void;
}

/** Gives requests their numbers, and brings the lines of answers to them. */
export class RequestTable {
  readonly #open = new Map<number, OpenRequest>();
  #lastId = 0;
  #late = 0;

  /** Lines that came after their request had been given up. */
  get late(): number {
    return this.#late;
  }

  /** The number of a new request. */
  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** From now on lines with the number `id` go to `request`. */
  open(id: number, request: OpenRequest): void {
    this.#open.set(id, request);
  }

  /** Nothing more is wanted of it. */
  close(id: number): void {
    this.#open.delete(id);
  }

  /** A line that begins with the number `id`. Throws LineFault where it cannot be read or belongs to nothing. */
  reply(id: number, text: string): void {
    const request = this.#open.get(id);
    if (request === undefined) {
      if (id === 0 || id > this.#lastId) throw new LineFault('UNKNOWN_REQUEST', `there is no request ${id}`);
      this.#late += 1;
      return;
    }
    try {
      const line = splitLine(text);
      const kind = line[1] ?? '';
      request.take(kind, new Fields(kind, line, 2));
    } catch (error) {
      if (error instanceof LineFault) request.unreadable(error.message);
      throw error;
    }
  }
}
