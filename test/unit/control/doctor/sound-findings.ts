import { expect } from 'vitest';
import { settingsSchema, type Settings } from '../../../../main/config/settings.ts';
import type { CheckState } from '../../../../main/control/doctor/check.ts';
import { diagnose } from '../../../../main/control/doctor/diagnose.ts';
import type { Findings, Market, Status } from '../../../../main/control/doctor/findings.ts';
import type { InstallState } from '../../../../main/mt5/terminal/install/inspect.ts';

export const NOW_MS = 1_800_000_000_000;

/** What to change of a machine on which everything is in place with a real terminal. */
export interface Changes {
  readonly settings?: Partial<Settings>;
  readonly terminal?: Partial<Status['terminal']>;
  readonly state?: Partial<Status['state']>;
  readonly market?: Partial<Market>;
  readonly install?: Partial<InstallState>;
  readonly findings?: Partial<Findings>;
}

const free = (port: number) => ({ port, state: 'free', holder: null }) as const;
const own = (port: number) => ({ port, state: 'taken', holder: { pid: 7, name: 'node' } }) as const;

/** A terminal in which the program is as it has to be. */
export const soundInstall: InstallState = {
  terminal: { name: 'MetaTrader 5', dataFolder: '/data/AB', installFolder: '/mt5', editor: '/mt5/metaeditor64.exe' },
  version: '1.0.0',
  sources: 'right',
  isCompiled: true,
  token: 'right',
  preset: 'right',
};

/** Findings of a machine on which everything is in place, changed as asked. */
export function findingsWith({ settings, terminal, state, market, install, findings }: Changes = {}): Findings {
  return {
    platform: 'win32',
    nowMs: NOW_MS,
    dataDir: { path: '/home/data', state: 'writable' },
    settings: { ...settingsSchema.parse({ terminal: 'bridge' }), ...settings },
    settingsFault: null,
    settingsNotes: [],
    gateway: {
      kind: 'running',
      status: statusWith(terminal, state),
      market: { symbols: ['EURUSD', 'XAUUSD'], newest_tick_ms: NOW_MS - 900, ...market },
    },
    ports: { command: own(5555), data: own(5556), event: own(5557), bridge: own(5558) },
    pipe: { kind: 'unasked', path: '\\\\.\\pipe\\mt5-fabric' },
    programVersion: '1.0.0',
    token: 'there',
    terminals: [{ ...soundInstall, ...install }],
    strangeFolder: null,
    ...findings,
  };
}

/** A machine on which nothing is. */
export const nothing: Partial<Findings> = {
  dataDir: { path: '/home/data', state: 'missing' },
  settings: settingsSchema.parse({}),
  gateway: { kind: 'stopped' },
  ports: { command: free(5555), data: free(5556), event: free(5557), bridge: free(5558) },
  pipe: { kind: 'free', path: '\\\\.\\pipe\\mt5-fabric' },
  token: 'none',
  terminals: [],
};

/** A case: what it is, the link, its state, what is said, what to do (null for nothing), and what is changed. */
export type CheckRow = readonly [string, string, CheckState, RegExp, RegExp | null, Changes];

/** Expects the link to be found in a state, with words for what and what to do. */
export function expectCheck(
  link: string,
  state: CheckState,
  found: RegExp,
  cure: RegExp | null,
  changes: Changes,
): void {
  const check = diagnose(findingsWith(changes)).find((each) => each.link === link);
  expect(check).toMatchObject({ link, state, found: expect.stringMatching(found) as string });
  if (cure === null) expect(check).not.toHaveProperty('cure');
  else expect(check?.cure).toMatch(cure);
}

function statusWith(terminal: Changes['terminal'], state: Changes['state']): Status {
  const endpoints = { command: 'tcp://127.0.0.1:5555', data: 'tcp://127.0.0.1:5556', events: 'tcp://127.0.0.1:5557' };
  return {
    ...{ security: 'local', paired: 0 },
    ...{ version: '0.1.0', session: 's', uptime_s: 60, data_dir: '/home/data' },
    ...{ account_mode: 'REAL', account: '42 at Broker-Live', terminal_connected: true, endpoints },
    terminal: {
      ...{ linked: true, link_fault: null, connected: true, blocked_by: [] },
      ...{ login: '42', server: 'Broker-Live', account_mode: 'REAL', margin_mode: 'HEDGING' },
      ...{ bridge_version: '1.0.0', last_heard_ms_ago: 120, latch_epoch: 3, latched: false },
      ...{ transport: 'pipe', listens_on: ['\\\\.\\pipe\\mt5-fabric', '127.0.0.1:5558'] },
      ...terminal,
    },
    state: {
      ...{ mode: 'TRADING', flatten: 'none', flatten_phase: 'NONE', epoch: 3, since_ms: 0, recorded: true, causes: [] },
      ...state,
    },
    ...{ trades_in_flight: 0, audit: { seq: 1, hash: '' }, clients: [], leases: [], unknown: [] },
    foreign: { positions: 0, orders: 0 },
  };
}
