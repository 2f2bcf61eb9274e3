import { setTimeout as pause } from 'node:timers/promises';

/** What becomes of a line. */
export type LineFate =
  | { readonly kind: 'pass' }
  /** It and all behind it in its direction wait. */
  | { readonly kind: 'hold'; readonly forMs: number }
  /** This share of its bytes passes, 0 to 1, and the link breaks. */
  | { readonly kind: 'break'; readonly share: number };

export interface LineSink {
  /** What becomes of a line; null where nothing is to happen to it. */
  fateOf(line: string): LineFate | Promise<LineFate> | null;
  pass(bytes: Buffer): void;
  /** The last bytes, after which the connection breaks. */
  end(bytes: Buffer): void;
}

/** One direction of a connection: bytes come in as they like, and go out as whole lines, each when its fate is known. */
export class LineQueue {
  readonly #sink: LineSink;
  readonly #lines: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #isBusy = false;
  #isFinished = false;
  #isBroken = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** A line waits for its fate, or for its time. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  push(bytes: Buffer): void {
    if (this.#isBroken) return;
    let from = 0;
    const all = Buffer.concat([this.#rest, bytes]);
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      this.#lines.push(all.subarray(from, end + 1));
      from = end + 1;
    }
    this.#rest = all.subarray(from);
    void this.#work();
  }

  /** No more comes: breaks the connection once all lines have passed. */
  finish(): void {
    this.#isFinished = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      const fate = this.#sink.fateOf(line.toString('utf8'));
      // Most lines pass in the turn in which they come.
      if (fate === null) this.#sink.pass(line);
      else await this.#suffer(line, await fate);
    }
    this.#isBusy = false;
    if (this.#isFinished) this.#break(Buffer.alloc(0));
  }

  async #suffer(line: Buffer, fate: LineFate): Promise<void> {
    switch (fate.kind) {
      case 'pass':
        this.#sink.pass(line);
        return;
      case 'hold':
        await pause(fate.forMs, undefined, { ref: false });
        this.#sink.pass(line);
        return;
      case 'break':
        this.#break(line.subarray(0, Math.floor(line.length * fate.share)));
    }
  }

  #break(last: Buffer): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#lines.length = 0;
    this.#sink.end(last);
  }
}
