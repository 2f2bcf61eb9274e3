import type { Mt5Handler } from '../mt5/handler.ts';
import type { SymbolDigits } from './symbol-digits.ts';

/** So many symbols a screen shows. */
const MOST_SHOWN = 100;

interface Ports {
  readonly terminal: Pick<Mt5Handler, 'subscribe'>;
  readonly digits: Pick<SymbolDigits, 'watched'>;
}

/** Which symbols the terminal is to stream: those of the settings always, and what brains and screens want. */
export class StreamDemand {
  readonly #symbols: readonly string[];
  readonly #ports: Ports;
  #named: ReadonlySet<string> = new Set();
  #isToAll = false;
  #screens = 0;

  /** `symbols` are those of the settings; empty for none in particular. */
  constructor(symbols: readonly string[], ports: Ports) {
    this.#symbols = symbols;
    this.#ports = ports;
  }

  /** How many symbols brains have named. */
  get namedCount(): number {
    return this.#named.size;
  }

  /** Brains want these symbols, and whether one wants all. */
  want(named: ReadonlySet<string>, isToAll: boolean): void {
    this.#named = named;
    this.#isToAll = isToAll;
    this.subscribe();
  }

  /** A screen wants live prices, also where no brain does; what it gets ends that and may be called twice. */
  streamForScreen(): () => void {
    let isWanted = true;
    this.#screens += 1;
    this.subscribe();
    return () => {
      if (!isWanted) return;
      isWanted = false;
      this.#screens -= 1;
      this.subscribe();
    };
  }

  /** The symbols that a screen shows, in order: those of the settings, then those of the Market Watch. */
  shown(): readonly string[] {
    return [...new Set([...this.#symbols, ...this.#ports.digits.watched])].slice(0, MOST_SHOWN);
  }

  /**
   * Tells the terminal. A subscription to everything gets the symbols of the settings; where they name none, all of the
   * Market Watch, and a screen the first of it.
   */
  subscribe(): void {
    this.#ports.terminal.subscribe(new Set([...this.#standing(), ...this.#named]));
  }

  #standing(): readonly string[] {
    if (this.#symbols.length > 0) return this.#symbols;
    if (this.#isToAll) return this.#ports.digits.watched;
    return this.#screens > 0 ? this.shown() : [];
  }
}
