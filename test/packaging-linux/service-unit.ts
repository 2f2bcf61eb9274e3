/** A systemd unit as far as these tests read it: the values of a key in their order; an empty one begins anew. */
export class ServiceUnit {
  readonly #values = new Map<string, string[]>();

  constructor(text: string) {
    for (const line of text.split('\n').filter((one) => /^[A-Za-z]+=/.test(one))) {
      const at = line.indexOf('=');
      const [key, value] = [line.slice(0, at), line.slice(at + 1)];
      this.#values.set(key, value === '' ? [] : [...(this.#values.get(key) ?? []), value]);
    }
  }

  values(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  /** Whether the key stands there, if with nothing behind it. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The words that systemd starts, with `${NAME}` as one word and `$NAME` as those in it. */
  startWords(environment: Readonly<Record<string, string>>): readonly string[] {
    const [line = ''] = this.values('ExecStart');
    return line.split(' ').flatMap((word) => {
      const [, whole, split] = /^\$(?:\{(\w+)\}|(\w+))$/.exec(word) ?? [];
      if (whole !== undefined) return [environment[whole] ?? ''];
      if (split !== undefined) return (environment[split] ?? '').split(' ').filter((part) => part !== '');
      return [word];
    });
  }
}

/** What an environment file sets. */
export function readEnvironmentFile(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
