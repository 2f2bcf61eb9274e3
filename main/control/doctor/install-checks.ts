import { join } from 'node:path';
import type { InstallState } from '../../mt5/terminal/install/inspect.ts';
import { good, note, unchecked, wrong, type Check } from './check.ts';
import type { Findings } from './findings.ts';
import { needsMetaTrader } from './in-use.ts';

/** MetaTrader on this machine, and what of the program is in it. */
export function installChecks(findings: Findings): Check[] {
  const { terminals, programVersion } = findings;
  const present = terminals.filter(({ terminal }) => terminal.installFolder !== null);
  const installed = ours(terminals);
  if (terminals.length === 0) return [noTerminal(findings), ...notChecked('no terminal was found')];
  const found = good(
    'MetaTrader',
    (present.length > 0 ? present : terminals).map(({ terminal }) => terminal.name).join(', '),
  );
  if (programVersion === null) {
    const lost = 'the sources of the program are missing from this installation';
    return [found, missing(findings, 'Program', lost, 'install MT5 Fabric anew'), ...notChecked(lost).slice(1)];
  }
  if (installed.length === 0) {
    const none = missing(findings, 'Program', 'it is installed in none of them', installCommand(present));
    return [found, none, ...notChecked('the program is not installed').slice(1)];
  }
  return [found, ...installed.flatMap((state) => programChecks(state, findings, installed.length > 1))];
}

/** Terminals with the program of this gateway: those that have its token, or any where none has. */
function ours(terminals: readonly InstallState[]): InstallState[] {
  const installed = terminals.filter(({ version }) => version !== null);
  const own = installed.filter(({ token }) => token === 'right');
  return own.length > 0 ? own : installed;
}

function noTerminal(findings: Findings): Check {
  const { strangeFolder, gateway } = findings;
  const elsewhere = 'name one that runs with /portable by --terminal-folder DIR';
  if (strangeFolder !== null)
    return missing(findings, 'MetaTrader', `${strangeFolder} is no folder of a MetaTrader 5`, elsewhere);
  if (
    gateway.kind === 'running' &&
    gateway.status.terminal.linked &&
    gateway.status.terminal.account_mode !== 'PAPER'
  ) {
    return note('MetaTrader', 'none in the usual place: the linked one is elsewhere', elsewhere);
  }
  const cure = `install MetaTrader 5 and start it once; ${elsewhere}`;
  return missing(findings, 'MetaTrader', 'no MetaTrader 5 was found', cure);
}

function notChecked(why: string): Check[] {
  return ['Program', 'Compiled', 'Token', 'Preset'].map((link) => unchecked(link, why));
}

function programChecks(state: InstallState, findings: Findings, isOneOfMany: boolean): Check[] {
  const where = isOneOfMany ? ` in ${state.terminal.name}` : '';
  return [
    versionCheck(state, findings, `Program${where}`),
    compiledCheck(state, findings, `Compiled${where}`),
    tokenCheck(state, findings, `Token${where}`),
    state.preset === 'right'
      ? good(`Preset${where}`, 'as the settings have pipe and port')
      : note(`Preset${where}`, 'not as the settings have pipe and port', installCommand([state])),
  ];
}

function versionCheck(state: InstallState, findings: Findings, link: string): Check {
  const { programVersion } = findings;
  if (state.version !== programVersion) {
    const found = `version ${state.version ?? ''} is installed, this gateway brings ${programVersion ?? ''}`;
    return missing(findings, link, found, installCommand([state]));
  }
  const found = `${state.version ?? ''} in ${state.terminal.name}`;
  if (state.sources === 'right') return good(link, found);
  return note(
    link,
    `${found}, with files that are not as they were installed`,
    `${installCommand([state])} puts them right and keeps copies`,
  );
}

function compiledCheck(state: InstallState, findings: Findings, link: string): Check {
  if (state.isCompiled) return good(link, 'newer than its sources');
  const cure =
    state.terminal.editor === null
      ? 'there is no metaeditor64.exe in that installation: repair it, or compile MT5FabricBridge.mq5 in MetaEditor (F7)'
      : installCommand([state]);
  return missing(findings, link, 'the compiled program is missing, or older than its sources', cure);
}

function tokenCheck(state: InstallState, findings: Findings, link: string): Check {
  if (state.token === 'right') return good(link, "the gateway's");
  if (findings.token === 'unreadable') {
    const path = join(findings.dataDir.path, 'bridge.token');
    return missing(findings, link, `${path} cannot be read`, 'give yourself the right to read it');
  }
  const found =
    findings.token === 'none'
      ? 'the gateway has made none yet'
      : state.token === 'missing'
        ? 'none is in the terminal'
        : 'the terminal has the one of another gateway';
  return missing(findings, link, found, installCommand([state]));
}

/** Wrong where MetaTrader is needed, else only worth knowing: what is missing for the bridge. */
function missing(findings: Findings, link: string, found: string, cure: string): Check {
  return needsMetaTrader(findings) ? wrong(link, found, cure) : note(link, `for the bridge: ${found}`, cure);
}

function installCommand(states: readonly InstallState[]): string {
  const [only, ...others] = states;
  const folder = only !== undefined && others.length === 0 ? `"${only.terminal.dataFolder}"` : 'DIR';
  return `mt5-fabric --install-bridge --terminal-folder ${folder}`;
}
