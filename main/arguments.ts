import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { SETTING_KEYS, flagName, type SettingKey } from './config/settings.ts';

/** What the command line asks for. */
export type Invocation =
  | { readonly root: 'brain'; readonly words: readonly string[] }
  | {
      readonly root: 'gateway';
      readonly dataDir?: string;
      readonly flags: Flags;
      readonly paperReset: boolean;
      readonly json: boolean;
    }
  /** The gateway with tray and window; `isHidden`: in the tray alone. */
  | {
      readonly root: 'desktop';
      readonly dataDir?: string;
      readonly flags: Flags;
      readonly paperReset: boolean;
      readonly isHidden: boolean;
    }
  | {
      readonly root: 'local';
      readonly command: LocalCommand;
      readonly dataDir?: string;
      readonly reason?: string;
      /** The position or order that `--close` and `--take-out` are about. */
      readonly ticket?: string;
      /** The client that `--end-lease` is about, or whose command `--decide` is about. */
      readonly client?: string;
      /** The command that `--decide` is about, and what a person says of it. */
      readonly reqId?: string;
      readonly happened?: 'yes' | 'no';
      readonly json: boolean;
    }
  | { readonly root: 'audit'; readonly words: readonly string[]; readonly dataDir?: string }
  | { readonly root: 'settings'; readonly words: readonly string[]; readonly dataDir?: string; readonly json: boolean }
  | ({ readonly root: 'install-bridge' } & TerminalWork)
  | ({ readonly root: 'doctor' } & TerminalWork)
  | { readonly root: 'help' }
  | { readonly root: 'version' }
  | { readonly root: 'usage'; readonly message: string };

/** What installing and diagnosing take: settings as flags, and a terminal that is not in the usual place. */
interface TerminalWork {
  readonly dataDir?: string;
  readonly flags: Flags;
  readonly terminalFolder?: string;
  readonly json: boolean;
}

export type Flags = Readonly<Partial<Record<SettingKey, string>>>;

/** Commands for the gateway that runs at this machine. */
export const LOCAL_COMMANDS = [
  'kill',
  'halt',
  'resume',
  'status',
  'close',
  'take-out',
  'end-lease',
  'decide',
  'panel-address',
] as const;
export type LocalCommand = (typeof LOCAL_COMMANDS)[number];

const SHARED: ParseArgsOptionsConfig = { 'data-dir': { type: 'string' }, json: { type: 'boolean' } };
const SETTING_OPTIONS: ParseArgsOptionsConfig = Object.fromEntries(
  SETTING_KEYS.map((key) => [flagName(key), { type: 'string' }]),
);
const ROOT_FLAGS = ['brain', 'audit', 'settings', 'headless', 'install-bridge', 'doctor', ...LOCAL_COMMANDS];

/**
 * Reads the words after the program's name. What cannot be understood comes back as `usage`, with what is accepted.
 * Without a word that names another root it is the gateway: in `desktop`, where Electron runs this, with tray and window.
 */
export function parseInvocation(words: readonly string[], usual: 'headless' | 'desktop' = 'headless'): Invocation {
  if (words.includes('--help') && !words.includes('--brain') && !words.includes('--audit')) return { root: 'help' };
  if (words[0] === '--version') return { root: 'version' };
  const named = words.filter((word) => ROOT_FLAGS.includes(word.slice(2)) && word.startsWith('--'));
  const [chosen] = named;
  // Everything after --brain and --audit belongs to the brain's and the log's own command lines.
  if (chosen === '--brain') return { root: 'brain', words: without(words, chosen) };
  if (chosen === '--audit') return auditInvocation(without(words, chosen));
  if (named.length > 1) return { root: 'usage', message: `${named.join(' and ')} exclude each other` };
  try {
    return parseChosen(chosen?.slice(2) ?? usual, chosen === undefined ? words : without(words, chosen));
  } catch (error) {
    return { root: 'usage', message: (error as Error).message.split('. ')[0] ?? 'unknown option' };
  }
}

function parseChosen(chosen: string, words: readonly string[]): Invocation {
  if (chosen === 'headless') return gatewayInvocation(words);
  if (chosen === 'desktop') return desktopInvocation(words);
  if (chosen === 'install-bridge' || chosen === 'doctor') return { root: chosen, ...terminalWork(words) };
  if (chosen === 'settings') {
    const { values, positionals } = parseArgs({ args: [...words], options: SHARED, allowPositionals: true });
    return { root: 'settings', words: positionals, json: values['json'] === true, ...dataDirOf(values) };
  }
  return localInvocation(chosen as LocalCommand, words);
}

const TICKET = { key: 'ticket', what: 'ticket', form: /^[1-9]\d{0,18}$/, like: '1001' } as const;
const CLIENT = { key: 'client', what: "client's name", form: /^[A-Za-z0-9._-]{1,64}$/, like: 'alpha' } as const;

const COMMAND = { key: 'reqId', what: 'req_id', form: /^.{1,128}$/su, like: '6f1c…' } as const;

/** What a local command is about, where it is about one thing. */
const LOCAL_OPERANDS: Partial<Record<LocalCommand, typeof TICKET | typeof CLIENT | typeof COMMAND>> = {
  close: TICKET,
  'take-out': TICKET,
  'end-lease': CLIENT,
  decide: COMMAND,
};

function localInvocation(command: LocalCommand, words: readonly string[]): Invocation {
  const operand = LOCAL_OPERANDS[command];
  const options: ParseArgsOptionsConfig = {
    ...SHARED,
    ...(command === 'status' || command === 'panel-address' ? {} : { reason: { type: 'string' } }),
    ...(command === 'decide' ? { happened: { type: 'string' }, client: { type: 'string' } } : {}),
  };
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: operand !== undefined });
  const [word = '', ...surplus] = positionals;
  if (operand !== undefined && (surplus.length > 0 || !operand.form.test(word))) {
    return { root: 'usage', message: `--${command} takes one ${operand.what}, like --${command} ${operand.like}` };
  }
  const { happened, client } = values;
  if (command === 'decide' && happened !== 'yes' && happened !== 'no') {
    return { root: 'usage', message: '--decide takes --happened yes or --happened no' };
  }
  return {
    root: 'local',
    command,
    json: values['json'] === true,
    ...(happened === 'yes' || happened === 'no' ? { happened } : {}),
    ...(typeof client === 'string' ? { client } : {}),
    ...(typeof values['reason'] === 'string' ? { reason: values['reason'] } : {}),
    ...(operand === undefined ? {} : { [operand.key]: word }),
    ...dataDirOf(values),
  };
}

function gatewayInvocation(words: readonly string[]): Invocation {
  const options: ParseArgsOptionsConfig = { ...SHARED, ...SETTING_OPTIONS, 'paper-reset': { type: 'boolean' } };
  const { values } = parseArgs({ args: [...words], options });
  return {
    root: 'gateway',
    flags: flagsOf(values),
    paperReset: values['paper-reset'] === true,
    json: values['json'] === true,
    ...dataDirOf(values),
  };
}

function desktopInvocation(words: readonly string[]): Invocation {
  const options: ParseArgsOptionsConfig = {
    ...{ 'data-dir': { type: 'string' }, ...SETTING_OPTIONS },
    ...{ 'paper-reset': { type: 'boolean' }, hidden: { type: 'boolean' } },
  };
  const { values } = parseArgs({ args: [...words], options });
  return {
    root: 'desktop',
    flags: flagsOf(values),
    paperReset: values['paper-reset'] === true,
    isHidden: values['hidden'] === true,
    ...dataDirOf(values),
  };
}

function terminalWork(words: readonly string[]): TerminalWork {
  const options: ParseArgsOptionsConfig = { ...SHARED, ...SETTING_OPTIONS, 'terminal-folder': { type: 'string' } };
  const { values } = parseArgs({ args: [...words], options });
  const folder = values['terminal-folder'];
  return {
    flags: flagsOf(values),
    json: values['json'] === true,
    ...(typeof folder === 'string' ? { terminalFolder: folder } : {}),
    ...dataDirOf(values),
  };
}

function flagsOf(values: Record<string, unknown>): Flags {
  const flags: Partial<Record<SettingKey, string>> = {};
  for (const key of SETTING_KEYS) {
    const value = values[flagName(key)];
    if (typeof value === 'string') flags[key] = value;
  }
  return flags;
}

function auditInvocation(words: readonly string[]): Invocation {
  const at = words.indexOf('--data-dir');
  if (at < 0) return { root: 'audit', words };
  const dataDir = words[at + 1];
  if (dataDir === undefined) return { root: 'usage', message: '--data-dir takes a folder' };
  return { root: 'audit', words: words.filter((_, index) => index !== at && index !== at + 1), dataDir };
}

function dataDirOf(values: Record<string, unknown>): { dataDir?: string } {
  return typeof values['data-dir'] === 'string' ? { dataDir: values['data-dir'] } : {};
}

function without(words: readonly string[], word: string): string[] {
  const at = words.indexOf(word);
  return words.filter((_, index) => index !== at);
}
