import { spawn } from 'node:child_process';
import { win32 } from 'node:path';
import { FIREWALL_PROFILES, FIREWALL_RULE } from '../control/network/firewall.ts';

/** What Windows answers when the operator says no to elevation. */
const ERROR_CANCELLED = 1223;

/** Who may be reached from the network, and where. */
export interface FirewallOpening {
  /** The program's own file. */
  readonly program: string;
  /** Of commands, data and events. */
  readonly ports: readonly number[];
}

/** The words of netsh that ask for the rule: its code is 0 where there is one. Needs no elevation. */
export function showRuleWords(): string[] {
  return [...firewall('show'), ruleName()];
}

/** The words of netsh that let the network reach the program on its ports, where there is no rule yet. */
export function addRuleWords(opening: FirewallOpening): string[] {
  const fixed = ['dir=in', 'action=allow', 'protocol=TCP', `profile=${FIREWALL_PROFILES}`, 'enable=yes'];
  return [...firewall('add'), ruleName(), ...fixed, ...openingWords(opening)];
}

/** The words of netsh that turn the rule that is there into this opening: a second one would keep the old ports open. */
export function changeRuleWords(opening: FirewallOpening): string[] {
  const fixed = ['action=allow', 'protocol=TCP', `profile=${FIREWALL_PROFILES}`, 'enable=yes'];
  return [...firewall('set'), ruleName(), 'dir=in', 'new', ...fixed, ...openingWords(opening)];
}

/** The words of netsh that remove the rule. */
export function removeRuleWords(): string[] {
  return [...firewall('delete'), ruleName(), 'dir=in'];
}

/** How a change of the firewall ended. */
export type FirewallChange =
  | { readonly kind: 'changed' }
  /** The operator did not allow it, or Windows does not let this account ask. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'failed'; readonly why: string };

export interface FirewallPorts {
  /** Runs a program to its end without a window; its exit code, null where a signal ended it. Rejects where it cannot start. */
  readonly run: (program: string, words: readonly string[]) => Promise<number | null>;
  /** Windows' own folder: SystemRoot. */
  readonly systemRoot: string;
}

/** This machine's. No limit of time: the operator may be slow to answer. */
export function windowsPorts(systemRoot = process.env['SystemRoot'] ?? 'C:\\Windows'): FirewallPorts {
  const run: FirewallPorts['run'] = (program, words) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, words, { stdio: 'ignore', windowsHide: true });
      child.once('error', reject);
      child.once('exit', resolve);
    });
  return { run, systemRoot };
}

/** Lets the network reach the gateway. Asks the operator for elevation once. */
export async function openFirewall(opening: FirewallOpening, ports: FirewallPorts): Promise<FirewallChange> {
  const isThere = await hasRule(ports);
  return elevated(isThere ? changeRuleWords(opening) : addRuleWords(opening), ports);
}

/** Takes the rule away, and asks for elevation only where there is one. */
export async function closeFirewall(ports: FirewallPorts): Promise<FirewallChange> {
  return (await hasRule(ports)) ? elevated(removeRuleWords(), ports) : { kind: 'changed' };
}

/** The script of PowerShell that runs a program as administrator, without a window, and ends with its code. */
export function elevationScript(program: string, words: readonly string[]): string {
  const start = `Start-Process -FilePath ${quoted(program)} -ArgumentList ${quoted(commandLine(words))}`;
  const options = '-Verb RunAs -WindowStyle Hidden -Wait -PassThru -ErrorAction Stop';
  return `try { $done = ${start} ${options}; exit $done.ExitCode } catch { exit ${ERROR_CANCELLED} }`;
}

/** False where netsh cannot be asked, too: adding says why. */
async function hasRule({ run, systemRoot }: FirewallPorts): Promise<boolean> {
  const code = await run(netshOf(systemRoot), showRuleWords()).catch(() => null);
  return code === 0;
}

async function elevated(words: readonly string[], { run, systemRoot }: FirewallPorts): Promise<FirewallChange> {
  const script = elevationScript(netshOf(systemRoot), words);
  try {
    const code = await run(powershellOf(systemRoot), ['-NoProfile', '-NonInteractive', '-Command', script]);
    if (code === 0) return { kind: 'changed' };
    if (code === ERROR_CANCELLED) return { kind: 'declined' };
    return { kind: 'failed', why: `netsh ended with code ${code ?? 'none'}` };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

function firewall(verb: 'add' | 'delete' | 'set' | 'show'): string[] {
  return ['advfirewall', 'firewall', verb, 'rule'];
}

function ruleName(): string {
  return `name=${FIREWALL_RULE}`;
}

/** Throws for a path that cannot be one of Windows, and for no port at all, which would mean every port. */
function openingWords({ program, ports }: FirewallOpening): string[] {
  if (!win32.isAbsolute(program) || program.includes('"')) throw new Error(`not a path of Windows: ${program}`);
  if (ports.length === 0 || !ports.every(isPort)) throw new Error(`not ports: ${ports.join(', ')}`);
  return [`program=${program}`, `localport=${ports.join(',')}`];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** The words as one line, as Windows takes it apart again; none of them holds a quote or ends with a backslash. */
function commandLine(words: readonly string[]): string {
  return words.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ');
}

/** A word of PowerShell in which nothing is expanded. It takes typographic apostrophes for plain ones. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (mark) => mark + mark)}'`;
}

// By their full paths: a program of the same name in another folder must not run as administrator.
function netshOf(systemRoot: string): string {
  return win32.join(systemRoot, 'System32', 'netsh.exe');
}

function powershellOf(systemRoot: string): string {
  return win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}
