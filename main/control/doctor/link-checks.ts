import { SWITCHES, SWITCH_NAMES, type SwitchName } from '../../mt5/terminal/install/switches.ts';
import { good, note, unchecked, wrong, type Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import type { Findings, Market, Status } from './findings.ts';
import { terminalInUse } from './in-use.ts';
import { symbolChecks } from './symbol-checks.ts';

const NAMES: Readonly<Record<string, string>> = { pipe: 'pipe', tcp: 'TCP port' };
const LINKS = ['Link', ...SWITCH_NAMES, 'Account', 'Clock', 'Symbols'];

/** The program that is linked, the five switches, the account, the clock and the symbols. */
export function linkChecks(findings: Findings): Check[] {
  const { gateway } = findings;
  if (gateway.kind !== 'running') return LINKS.map((link) => unchecked(link, 'no gateway runs'));
  const { status, market } = gateway;
  if (terminalInUse(findings) === 'paper') return paperChecks(findings, status, market);
  const { terminal } = status;
  if (!terminal.linked) {
    const fault = terminal.link_fault ?? 'no program has linked yet';
    return [wrong('Link', fault, LINK_CURE), ...LINKS.slice(1).map((link) => unchecked(link, 'no program is linked'))];
  }
  return [
    linkedCheck(findings, terminal),
    ...SWITCH_NAMES.map((name) => switchCheck(name, terminal)),
    accountCheck(terminal),
    clockCheck(market.newest_tick_ms, findings.nowMs),
    ...symbolChecks(market.symbols, findings.settings.symbols),
  ];
}

const LINK_CURE =
  'drag Expert Advisors > MT5Fabric > MT5FabricBridge onto one chart; what is in its way is in MetaTrader: Toolbox (Ctrl+T) > Experts';

/** The paper terminal has a switch, an account and symbols; there is nothing to link, and its clock is this machine's. */
function paperChecks({ settings }: Findings, { terminal }: Status, market: Market): Check[] {
  return LINKS.flatMap((link) => {
    if (link === 'TERMINAL_TRADE_ALLOWED') return [switchCheck(link, terminal)];
    if (link === 'Account') return [accountCheck(terminal)];
    if (link === 'Symbols') return symbolChecks(market.symbols, settings.symbols);
    return [unchecked(link, 'the gateway trades on paper')];
  });
}

function linkedCheck({ programVersion }: Findings, terminal: Status['terminal']): Check {
  const heard = terminal.last_heard_ms_ago === null ? '' : `, heard ${terminal.last_heard_ms_ago} ms ago`;
  const through = terminal.transport === null ? '' : ` through the ${NAMES[terminal.transport] ?? terminal.transport}`;
  const found = `program ${terminal.bridge_version}${through}${heard}`;
  if (programVersion === null || terminal.bridge_version === programVersion) return good('Link', found);
  const cure = 'mt5-fabric --install-bridge; if it stays, remove the program from its chart and drag it there again';
  return note('Link', `${found}; this gateway brings ${programVersion}`, cure);
}

function switchCheck(name: SwitchName, { connected, blocked_by }: Status['terminal']): Check {
  const { what, where } = SWITCHES[name];
  const isOff = name === 'TERMINAL_CONNECTED' ? !connected : blocked_by.includes(name);
  return isOff ? wrong(name, `${what} is off`, where) : good(name, `${what} is on`);
}

function accountCheck({ login, server, account_mode, margin_mode }: Status['terminal']): Check {
  if (login === null)
    return wrong('Account', 'the terminal names none', 'in MetaTrader: File > Login to Trade Account');
  return good(
    'Account',
    `${account_mode ?? 'UNKNOWN'} account ${login} at ${server ?? 'an unknown server'}, ${margin_mode}`,
  );
}
