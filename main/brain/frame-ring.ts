/** The newest frames, up to a capacity, oldest first out. A frame too many pushes out the oldest. */
export class FrameRing {
  readonly #frames: (Buffer | undefined)[];
  readonly #capacity: number;
  #first = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#frames = [];
  }

  /** Adds the newest; false when the oldest had to go for it. */
  push(frame: Buffer): boolean {
    this.#frames[(this.#first + this.#size) % this.#capacity] = frame;
    if (this.#size < this.#capacity) {
      this.#size += 1;
      return true;
    }
    this.#first = (this.#first + 1) % this.#capacity;
    return false;
  }

  /** Takes the oldest. */
  shift(): Buffer | undefined {
    if (this.#size === 0) return undefined;
    const frame = this.#frames[this.#first];
    this.#frames[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#size -= 1;
    return frame;
  }
}
