import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { SETTING_KEYS, flagName, type SettingKey } from './config/settings.ts';
import { LOCAL_COMMANDS, parseLocal, SHARED, type LocalCommand, type LocalInvocation } from './local-arguments.ts';

export { LOCAL_COMMANDS };

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
  | LocalInvocation
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
  return parseLocal(chosen as LocalCommand, words);
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
