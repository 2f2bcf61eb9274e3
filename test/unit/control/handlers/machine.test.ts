import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONTROL_CALLS, type ControlOutput } from '../../../../main/control/contract.ts';
import { machineHandlers } from '../../../../main/control/handlers/machine.ts';
import { Machine } from '../../../../main/control/machine/machine.ts';
import { programSources, type MachinePlace } from '../../../../main/control/machine/machine-place.ts';
import { placesIn } from '../../../../main/mt5/terminal/install/install-plan.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { FIRST_ID, programFolder, WindowsTree, type EditorManner } from '../../mt5/terminal/install/windows-tree.ts';
import { findingsWith } from '../doctor/sound-findings.ts';
import { recorder } from './recorder.ts';

const BY = 'operator@me';

/** A machine as Windows has it, with one terminal where `manner` is given, looked at from a worker of its own. */
function rig(manner?: EditorManner, change: Partial<MachinePlace> = {}) {
  const tree = new WindowsTree();
  const appData = join(tree.drive, 'appdata');
  const root = join(appData, 'MetaQuotes', 'Terminal');
  const inWindows = Object.assign(tree, { root: { folder: root, localPath: (path: string) => path } });
  const folder = join(root, FIRST_ID);
  if (manner !== undefined) {
    inWindows.addDataFolder(FIRST_ID, inWindows.addInstallation(join(tree.drive, 'MetaTrader 5'), manner));
  }
  const machine = new Machine({
    ...{ dataDir: temporaryFolder(), endpoints: [], flags: { bridgePort: '0' }, sources: programFolder() },
    settings: { bridgePipe: 'mt5-fabric', bridgePort: 5_558 },
    ...{ platform: 'win32', environment: { APPDATA: appData, PATH: process.env['PATH'] }, homeDir: tree.drive },
    ...change,
  });
  onTestFinished(() => machine.stop());
  const { gateway } = findingsWith();
  if (gateway.kind !== 'running') throw new Error('a gateway is expected');
  const { recorded, record } = recorder();
  const handlers = machineHandlers({
    ...{ machine, record, panelAddress: () => null },
    status: () => Promise.resolve(gateway.status),
    market: () => Promise.resolve(gateway.market),
  });
  return { handlers, machine, recorded, folder, root };
}

describe('the terminals of this machine on a screen', () => {
  it('are none, and where they were looked for is said', async () => {
    const { handlers, root } = rig();
    expect(await handlers.terminals({}, BY)).toEqual({ terminals: [], looked_in: [root] });
  });

  it('lack the program until it is installed, and nothing after that', async () => {
    const { handlers, folder, recorded } = rig('compiles');
    const before = await handlers.terminals({}, BY);
    expect(CONTROL_CALLS.terminals.output.parse(before)).toEqual(before);
    expect(before.terminals).toMatchObject([
      { folder, installed_version: null, is_current: false, missing: ['the bridge program is not installed'] },
    ]);
    const installed = await handlers.installBridge({ folder }, BY);
    expect(CONTROL_CALLS.installBridge.output.parse(installed)).toEqual(installed);
    expect(installed).toMatchObject({ installed: true, version: '1.0.0', version_before: null });
    expect(existsSync(placesIn(folder).compiled)).toBe(true);
    expect(recorded).toMatchObject([
      {
        type: 'BRIDGE_INSTALLED',
        by: BY,
        payload: { folder, version: '1.0.0', compiled: 'compiled', token: 'written' },
      },
    ]);
    const after = await handlers.terminals({}, BY);
    expect(after.terminals).toMatchObject([{ installed_version: '1.0.0', is_current: true, missing: [] }]);
  });

  it('are told apart by what they lack', async () => {
    const { handlers, folder } = rig('finds errors');
    await handlers.installBridge({ folder }, BY);
    const { terminals } = await handlers.terminals({}, BY);
    expect(terminals).toMatchObject([{ is_current: false, missing: ['the bridge program is not compiled'] }]);
  });
});

describe('an installation from a screen', () => {
  it('that does not compile says why, and is recorded all the same', async () => {
    const { handlers, folder, recorded } = rig('finds errors');
    const installed = await handlers.installBridge({ folder }, BY);
    expect(installed.installed ? '' : installed.message).toMatch(/^NOT COMPILED: 1 errors\n.*undeclared identifier/);
    expect(recorded).toMatchObject([{ type: 'BRIDGE_INSTALLED', payload: { compiled: 'errors' } }]);
  });

  it('goes only into a terminal of this machine', async () => {
    const { handlers, recorded } = rig('compiles');
    const elsewhere = temporaryFolder();
    const answer = await handlers.installBridge({ folder: elsewhere }, BY);
    expect(answer).toEqual({ installed: false, message: `${elsewhere} is none of the terminals of this machine` });
    expect(recorded).toEqual([]);
  });

  it('waits for the one before it', async () => {
    const { handlers, folder, recorded } = rig('compiles');
    const both = [handlers.installBridge({ folder }, BY), handlers.installBridge({ folder }, BY)];
    const [first, second] = (await Promise.all(both)) as Extract<ControlOutput<'installBridge'>, { installed: true }>[];
    expect([first?.version_before, second?.version_before]).toEqual([null, '1.0.0']);
    expect(recorded.map(({ payload }) => payload['compiled'])).toEqual(['compiled', 'up-to-date']);
  });

  it('says so where the program is not there to be installed', async () => {
    const { handlers, folder } = rig('compiles', { sources: '/nowhere' });
    await expect(handlers.installBridge({ folder }, BY)).rejects.toThrow("the program's sources are missing: /nowhere");
  });
});

describe('a diagnosis on a screen', () => {
  it('is that of the command line, with the gateway as it is', async () => {
    const { handlers } = rig('compiles', { platform: process.platform });
    const { checks } = await handlers.doctor({}, BY);
    expect(CONTROL_CALLS.doctor.output.parse({ checks })).toEqual({ checks });
    expect(checks.find(({ link }) => link === 'Gateway')).toMatchObject({ state: 'good' });
    expect(checks.at(-1)?.link).toBe('Trading');
  });
});

describe('this machine', () => {
  it('does nothing more once it is stopped, and ends what runs', async () => {
    const { machine, folder } = rig('hangs');
    const hanging = machine.install(folder);
    const ended = expect(hanging).rejects.toThrow('install was ended before it was done');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await machine.stop();
    await ended;
    await expect(machine.terminals()).rejects.toThrow('the gateway is stopping');
  });

  it.each([
    ['file:///opt/fabric/main/control/machine/machine-place.ts', 'file:///opt/fabric/resources/mql5/'],
    ['file:///opt/fabric/dist/mt5-fabric.js', 'file:///opt/fabric/resources/mql5/'],
    ['file:///opt/fabric/dist/chunks/host.js', 'file:///opt/fabric/resources/mql5/'],
    ['file:///C:/F/resources/app.asar/dist/chunks/host.js', 'file:///C:/F/resources/app.asar.unpacked/resources/mql5/'],
  ])('finds the program for MetaTrader from %s', (here, folder) => {
    expect(programSources(here).href).toBe(folder);
  });
});

describe('the address of the panel', () => {
  it('is given while a panel is open, else what to do', async () => {
    const { handlers } = rig();
    expect(await handlers.panelAddress({}, BY)).toMatchObject({
      open: false,
      message: expect.stringContaining('--panel-port') as string,
    });
    const { machine, record } = { ...rig(), ...recorder() };
    const unasked = () => Promise.reject(new Error('not asked'));
    const panelAddress = () => 'http://127.0.0.1:8555/?token=x';
    const open = machineHandlers({ machine, record, panelAddress, status: unasked, market: unasked });
    expect(await open.panelAddress({}, BY)).toEqual({ open: true, address: panelAddress() });
  });
});
