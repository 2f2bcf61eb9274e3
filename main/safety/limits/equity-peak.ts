import type { Log } from '../../log.ts';

/** Where the highest equity of each account is kept over restarts. */
export interface PeakStore {
  /** The peak of an account, or null where none is kept. Rejects where that cannot be told. */
  read(account: string): Promise<number | null>;
  /** Keeps a peak in place of the one before. Rejects where it cannot. */
  write(account: string, peak: number): Promise<void>;
}

/** The highest equity since a drawdown is measured. A deposit raises it, a withdrawal counts as a fall: equity is all it knows. */
export class EquityPeak {
  readonly #ports: { readonly store: PeakStore; readonly log: Log };
  #account: string | null = null;
  #peak: number | null = null;
  #lastEquity: number | null = null;
  #isDirty = false;
  #isWriting = false;

  constructor(ports: { readonly store: PeakStore; readonly log: Log }) {
    this.#ports = ports;
  }

  /** The peak, with the equity of now taken into account. Never rejects; one that cannot be read begins at the equity of now. */
  async with(account: string, equity: number): Promise<number> {
    if (account !== this.#account) await this.#load(account);
    this.#lastEquity = equity;
    if (this.#peak !== null && this.#peak >= equity) return this.#peak;
    this.#become(equity);
    return equity;
  }

  /** The equity that was seen last is the peak, whatever was before. */
  restart(): void {
    if (this.#lastEquity !== null) this.#become(this.#lastEquity);
  }

  #become(peak: number): void {
    this.#peak = peak;
    this.#isDirty = true;
    void this.#save();
  }

  async #load(account: string): Promise<void> {
    this.#peak = await this.#ports.store.read(account).catch((error: unknown) => {
      this.#ports.log.error('equity-peak-unreadable', { account, error });
      return null;
    });
    this.#account = account;
    this.#lastEquity = null;
  }

  /** One write at a time; what has risen meanwhile is written next. */
  async #save(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#isDirty && this.#account !== null && this.#peak !== null) {
      this.#isDirty = false;
      await this.#write(this.#account, this.#peak);
    }
    this.#isWriting = false;
  }

  async #write(account: string, peak: number): Promise<void> {
    const { store, log } = this.#ports;
    await store.write(account, peak).catch((error: unknown) => {
      log.error('equity-peak-not-kept', { account, error });
    });
  }
}
