import { good, note, unchecked, wrong, type Check } from './check.ts';
import type { Findings, Status } from './findings.ts';
import { terminalInUse } from './in-use.ts';

/** Data folder, settings, the gateway itself and its terminal. */
export function gatewayChecks(findings: Findings): Check[] {
  return [folderCheck(findings), settingsCheck(findings), gatewayCheck(findings), terminalCheck(findings)];
}

function folderCheck({ dataDir }: Findings): Check {
  const link = 'Data folder';
  if (dataDir.state === 'writable') return good(link, dataDir.path);
  if (dataDir.state === 'read-only') {
    return wrong(
      link,
      `${dataDir.path} cannot be written to`,
      'give yourself the right to write there, or name another with --data-dir DIR',
    );
  }
  return wrong(
    link,
    `${dataDir.path} is not there yet`,
    'start the gateway once; for another folder add --data-dir DIR',
  );
}

function settingsCheck({ settingsFault, settingsNotes }: Findings): Check {
  const link = 'Settings';
  if (settingsFault !== null)
    return wrong(link, settingsFault, 'correct it with mt5-fabric --settings KEY=VALUE, or in settings.json');
  if (settingsNotes.length > 0) return note(link, settingsNotes.join('; '), 'see mt5-fabric --settings');
  return good(link, 'can be read');
}

function gatewayCheck({ gateway, dataDir }: Findings): Check {
  const link = 'Gateway';
  switch (gateway.kind) {
    case 'running':
      return good(link, `${gateway.status.version}, up ${gateway.status.uptime_s} s`);
    case 'stopped':
      return wrong(
        link,
        `none is running in ${dataDir.path}`,
        'start it: mt5-fabric --terminal bridge, or without the option on paper',
      );
    case 'hung':
      return wrong(
        link,
        'it does not answer',
        'end its process and start it again; it comes up halted where that is safer',
      );
    case 'refused':
      return wrong(
        link,
        `it does not understand: ${gateway.message}`,
        'start it again, so that it has the version of this program',
      );
  }
}

function terminalCheck(findings: Findings): Check {
  const link = 'Terminal';
  const inUse = terminalInUse(findings);
  const named = inUse === 'paper' ? 'the paper terminal (PAPER: no real money)' : 'MetaTrader 5, by the bridge';
  const { gateway, settings } = findings;
  if (gateway.kind !== 'running') return unchecked(link, `the settings say: ${named}`);
  if (settings.terminal === inUse) return good(link, named);
  return note(
    link,
    `${named}; the settings say ${settings.terminal}`,
    `mt5-fabric --settings terminal=${inUse} keeps it for the next start`,
  );
}

/** Whether the gateway lets orders through: the last link, and the one that an operator closes. */
export function tradingCheck({ gateway }: Findings): Check {
  const link = 'Trading';
  if (gateway.kind !== 'running') return unchecked(link, 'no gateway runs');
  const { state } = gateway.status;
  if (state.mode === 'TRADING') return good(link, 'on');
  return wrong(link, `${state.mode}: ${reasonOf(state)}`, cureOf(state));
}

function reasonOf({ causes }: Status['state']): string {
  return causes.map(({ reason }) => reason).join('; ') || 'no reason is recorded';
}

function cureOf({ mode, causes }: Status['state']): string {
  if (mode === 'SUSPENDED') return 'it ends by itself when its cause is gone; see the links above';
  const standing = causes.some((cause) => cause.standing) ? 'when what still stands is gone, ' : '';
  return `${standing}mt5-fabric --resume --reason "…"`;
}
