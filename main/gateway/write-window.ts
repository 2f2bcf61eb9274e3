/** A command's place in the order of writing. Every place must be left, whatever happens to its command. */
export interface Place {
  /** A slot was free and nothing waited ahead: it may be dispatched at once. */
  readonly isImmediate: boolean;
  /** Resolves true when the place has a slot, false when it was sent away before it got one. */
  readonly slot: Promise<boolean>;
  /** Resolves when everything ahead has been written or has left. */
  readonly turn: Promise<void>;
  /** The command is with the terminal: those behind may go; the slot stays taken. */
  written(): void;
  /** Gives place and slot free. May be called twice. */
  leave(): void;
}

interface Seat extends Place {
  hasSlot: boolean;
  mayStay(): boolean;
  grantSlot(granted: boolean): void;
  grantTurn(): void;
}

/**
 * Which commands may be with the terminal at once, and in which order they are written to it: that of receipt. Several
 * are under way at a time, none waits for the answer to the one before.
 */
export class WriteWindow {
  readonly #size: number;
  /** Entered and neither written nor left, in order of receipt; those with a slot are in front. */
  readonly #queue: Seat[] = [];
  #slotsTaken = 0;
  #waiting = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** How many wait for a slot. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes the next place. `mayStay` is asked when trading has been restricted, for as long as it has no slot. */
  enter(mayStay: () => boolean = () => true): Place {
    const slot = Promise.withResolvers<boolean>();
    const turn = Promise.withResolvers<undefined>();
    const isImmediate = this.#slotsTaken < this.#size && this.#queue.at(-1)?.hasSlot !== false;
    const seat: Seat = {
      isImmediate,
      slot: slot.promise,
      turn: turn.promise,
      hasSlot: false,
      mayStay,
      grantSlot: (granted) => {
        seat.hasSlot = granted;
        if (granted) this.#slotsTaken += 1;
        if (!isImmediate) this.#waiting -= 1;
        slot.resolve(granted);
      },
      grantTurn: () => turn.resolve(undefined),
      written: () => this.#remove(seat),
      leave: () => this.#leave(seat),
    };
    this.#queue.push(seat);
    if (isImmediate) seat.grantSlot(true);
    else this.#waiting += 1;
    this.#queue[0]?.grantTurn();
    return seat;
  }

  /** Sends away what waits for a slot and may not stay. */
  sendAway(): void {
    for (const seat of this.#queue.filter((other) => !other.hasSlot && !other.mayStay())) {
      this.#remove(seat);
      seat.grantSlot(false);
    }
  }

  #leave(seat: Seat): void {
    const waited = !seat.hasSlot && this.#queue.includes(seat);
    this.#remove(seat);
    if (waited) seat.grantSlot(false);
    if (!seat.hasSlot) return;
    seat.hasSlot = false;
    this.#slotsTaken -= 1;
    this.#fillSlots();
  }

  #remove(seat: Seat): void {
    const at = this.#queue.indexOf(seat);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#queue[0]?.grantTurn();
  }

  #fillSlots(): void {
    for (const seat of this.#queue) {
      if (this.#slotsTaken >= this.#size) return;
      if (!seat.hasSlot) seat.grantSlot(true);
    }
  }
}
