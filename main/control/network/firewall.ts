/** What a firewall has to let in. */
export interface Opening {
  readonly ports: readonly number[];
  /** Networks that may connect; empty for any. */
  readonly from: readonly string[];
  /** The gateway's program on Windows, where that is known. */
  readonly program?: string;
}

/** The rule as a command of each system. */
export interface FirewallCommands {
  readonly windows: string;
  readonly linux: string;
}

/** The name of the rule in Windows' firewall: one, whatever it opens. The uninstaller removes it by this name. */
export const FIREWALL_RULE = 'MT5 Fabric gateway';
/** Networks of this kind are let in; one that Windows takes for public never is. */
export const FIREWALL_PROFILES = 'private,domain';

/** The firewall rule that lets brains in: netsh for Windows (an administrator's prompt), ufw for Linux. */
export function firewallCommands(opening: Opening): FirewallCommands {
  return { windows: netsh(opening), linux: ufw(opening) };
}

// Quoted lists: PowerShell would take a bare comma for a list of its own and tear the word apart.
function netsh({ ports, from, program }: Opening): string {
  const words = [
    `netsh advfirewall firewall add rule name="${FIREWALL_RULE}" dir=in action=allow protocol=TCP`,
    `localport="${ports.join(',')}"`,
    ...(from.length === 0 ? [] : [`remoteip="${from.join(',')}"`]),
    `profile="${FIREWALL_PROFILES}"`,
    ...(program === undefined || !isPlain(program) ? [] : [`program="${program}"`]),
  ];
  return words.join(' ');
}

// ufw takes one network a rule.
function ufw({ ports, from }: Opening): string {
  const sources = from.length === 0 ? ['any'] : from;
  return sources.map((source) => `sudo ufw allow proto tcp from ${source} to any port ${ports.join(',')}`).join(' && ');
}

/** Whether a path means itself between quotes, in cmd and in PowerShell. */
function isPlain(path: string): boolean {
  return !/["%$`]/.test(path);
}
