import type { Mt5Handler } from '../mt5/handler.ts';

/** The terminal's symbols and how many decimals their prices have, as far as it has told. */
export class SymbolDigits {
  readonly #terminal: Mt5Handler;
  readonly #digits = new Map<string, number>();
  readonly #asked = new Set<string>();
  #watched: readonly string[] = [];

  constructor(terminal: Mt5Handler) {
    this.#terminal = terminal;
  }

  /** Symbols that the terminal's Market Watch shows, as far as it has told. */
  get watched(): readonly string[] {
    return this.#watched;
  }

  /** Whether the terminal has a symbol of this name; false also where it has not told yet. */
  has(symbol: string): boolean {
    return this.#digits.has(symbol);
  }

  /** Asks the terminal for all symbols. Never rejects. */
  async load(): Promise<void> {
    this.#asked.clear();
    const found = await this.#terminal.symbols().catch(() => null);
    if (found?.ok !== true) return;
    for (const { name, digits } of found.value) this.#digits.set(name, digits);
    this.#watched = found.value.filter(({ inMarketWatch }) => inMarketWatch).map(({ name }) => name);
  }

  /** Decimals of a symbol's prices; null when they are not known, and then they are asked for, once. */
  of(symbol: string): number | null {
    const digits = this.#digits.get(symbol);
    if (digits !== undefined) return digits;
    if (!this.#asked.has(symbol)) {
      this.#asked.add(symbol);
      void this.#ask(symbol);
    }
    return null;
  }

  async #ask(symbol: string): Promise<void> {
    const found = await this.#terminal.symbol(symbol).catch(() => null);
    if (found?.ok === true) this.#digits.set(symbol, found.value.digits);
  }
}
