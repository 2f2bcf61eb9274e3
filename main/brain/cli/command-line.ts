/** An option of a command. */
export interface OptionSpec {
  readonly name: string;
  /** What stands for its value in the help; null for one without. */
  readonly value: string | null;
  readonly about: string;
}

/** The words of a command line, sorted. */
export interface ParsedLine {
  readonly command: string | null;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly help: boolean;
}

export type LineResult =
  { readonly ok: true; readonly line: ParsedLine } | { readonly ok: false; readonly message: string };

/**
 * Sorts words into command, operands and options. Options may stand anywhere, as `--name value` or `--name=value`;
 * `--` ends them. `optionsOf` tells the options of a command, of none yet with null; null back for an unknown command.
 */
export function parseLine(
  args: readonly string[],
  optionsOf: (command: string | null) => readonly OptionSpec[],
): LineResult {
  const words: string[] = [];
  const options = new Map<string, string>();
  let command: string | null = null;
  let help = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      words.push(...args.slice(at + 1));
      break;
    }
    if (word === '--help' || word === '-h') help = true;
    else if (word.startsWith('-') && !/^-\d/.test(word)) {
      const accepted = optionsOf(command);
      const equals = word.indexOf('=');
      const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--/, '');
      const option = accepted.find((one) => one.name === name);
      if (option === undefined) return { ok: false, message: unknownOption(word, command, accepted) };
      if (options.has(name)) return { ok: false, message: `--${name} is given twice` };
      const value = valueOf(option, equals < 0 ? args[at + 1] : word.slice(equals + 1), equals >= 0);
      if (value === null) return { ok: false, message: wrongValue(option) };
      options.set(name, value);
      if (option.value !== null && equals < 0) at += 1;
    } else if (command === null) command = word;
    else words.push(word);
  }
  if (command === null && words.length > 0) command = words.shift() ?? null;
  return { ok: true, line: { command, words, options, help } };
}

function valueOf(option: OptionSpec, next: string | undefined, inWord: boolean): string | null {
  if (option.value === null) return inWord ? null : '';
  return next === undefined || (!inWord && next.startsWith('--')) ? null : next;
}

function wrongValue({ name, value }: OptionSpec): string {
  return value === null ? `--${name} takes no value` : `--${name} takes a value: --${name} ${value}`;
}

function unknownOption(word: string, command: string | null, accepted: readonly OptionSpec[]): string {
  const names = accepted.map((option) => `--${option.name}`).join(', ');
  return `unknown option ${word}; ${command ?? 'before the command'} takes ${names}`;
}
