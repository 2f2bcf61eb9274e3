import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ControlHandlers } from '../../../../main/control/contract.ts';
import type { Check } from '../../../../main/control/doctor/check.ts';
import { runDoctorCommand, type DoctorIo } from '../../../../main/control/doctor/doctor-command.ts';
import { openControlEndpoint } from '../../../../main/control/endpoint.ts';
import { runInstallCommand } from '../../../../main/control/install-command.ts';
import { silentLog } from '../../../../main/log.ts';
import { FakeControlService } from '../../../fakes/control-service.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { direct, FIRST_ID, programFolder, WindowsTree } from '../../mt5/terminal/install/windows-tree.ts';
import { findingsWith } from './sound-findings.ts';

function rig() {
  const folder = temporaryFolder();
  const tree = new WindowsTree();
  const place = {
    ...{ dataDir: join(folder, 'data'), endpoints: [join(folder, 'control')], sources: programFolder() },
    ...{ platform: process.platform, environment: { XDG_RUNTIME_DIR: folder }, roots: [tree.root] },
  };
  const flags = { commandPort: '0', dataPort: '0', eventPort: '0', bridgePort: '0' };
  const run = async (changes: Partial<DoctorIo> = {}) => {
    let text = '';
    const stdout = (words: string) => void (text += words);
    const code = await runDoctorCommand({ ...place, flags, json: true, inColour: false, stdout, ...changes });
    return { code, text };
  };
  const check = async (link: string, changes: Partial<DoctorIo> = {}) => {
    const { checks } = JSON.parse((await run(changes)).text) as { checks: Check[] };
    return checks.find((each) => each.link === link);
  };
  const settings = { bridgePipe: 'mt5-fabric', bridgePort: 0 };
  const installIo = { ...place, settings, launcher: direct, json: false, stdout: () => {}, stderr: () => {} };
  return { ...place, folder, tree, flags, run, check, installIo };
}

/** A gateway's control endpoint, on which a real terminal is linked and trades. */
async function serveStatus(path: string, change: Partial<ControlHandlers> = {}): Promise<void> {
  const opened = await openControlEndpoint([path], silentLog);
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.endpoint.stop());
  const { gateway } = findingsWith();
  if (gateway.kind !== 'running') throw new Error('a gateway is expected');
  const { handlers } = new FakeControlService({
    status: () => Promise.resolve(gateway.status),
    market: () => Promise.resolve({ symbols: ['EURUSD'], newest_tick_ms: Date.now() }),
    ...change,
  });
  opened.endpoint.serve(handlers);
}

async function listening(server: Server, at: string | number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(at, resolve));
  onTestFinished(() => void server.close());
}

describe('--doctor', () => {
  it('ends with 1 on a machine with nothing, and makes nothing there', async () => {
    const { run, dataDir, folder } = rig();
    const { code, text } = await run({ json: false });
    expect(code).toBe(1);
    expect(text).toMatch(/^WRONG Data folder/m);
    expect(text).toMatch(/^WRONG Gateway/m);
    expect(text).toMatch(/^WRONG MetaTrader/m);
    expect(text).toContain('Begin with the first: Data folder.');
    expect(readdirSync(folder)).toEqual([]);
    expect(dataDir).toContain(folder);
  });

  it('ends with 0 where everything is in place', async () => {
    const { run, tree, endpoints, installIo, flags } = rig();
    tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    await serveStatus(endpoints[0]!);
    expect(await runInstallCommand(undefined, installIo)).toBe(0);
    const { code, text } = await run({ flags: { ...flags, terminal: 'bridge' } });
    expect(JSON.parse(text)).toMatchObject({ ok: true });
    expect(code).toBe(0);
  });

  it('tells a gateway that hangs from one that is not there, and one of another version', async () => {
    const silent = rig();
    await listening(createServer(), silent.endpoints[0]!);
    expect(await silent.check('Gateway')).toMatchObject({ state: 'wrong', found: 'it does not answer' });
    const other = rig();
    await serveStatus(other.endpoints[0]!, { status: () => Promise.resolve({ version: 2 } as never) });
    expect(await other.check('Gateway')).toMatchObject({ found: expect.stringContaining('understand') as string });
  });

  it('names who holds a port, and a pipe that another gateway has', async () => {
    const { check, folder, flags } = rig();
    const server = createServer();
    await listening(server, 0);
    const port = String((server.address() as AddressInfo).port);
    const held = await check('Data port', { flags: { ...flags, dataPort: port } });
    expect(held).toMatchObject({ state: 'wrong', found: expect.stringContaining(`process ${process.pid}`) as string });
    await listening(createServer(), join(folder, 'mt5-fabric'));
    expect(await check('Bridge pipe')).toMatchObject({ state: 'note' });
    const bridge = { flags: { ...flags, terminal: 'bridge' } };
    expect(await check('Bridge pipe', bridge)).toMatchObject({ state: 'wrong' });
    const unusable = { environment: { XDG_RUNTIME_DIR: '/x'.repeat(60) } };
    expect(await check('Bridge pipe', unusable)).toMatchObject({ found: expect.stringContaining('107') as string });
  });

  it('says which setting cannot be read, and goes on with the rest', async () => {
    const { check } = rig();
    const flags = { dataPort: 'x' };
    expect(await check('Settings', { flags })).toMatchObject({
      state: 'wrong',
      found: expect.stringContaining('--data-port') as string,
    });
    expect(await check('MetaTrader', { flags })).toMatchObject({ link: 'MetaTrader' });
  });

  it('looks at the terminal that is named', async () => {
    const { check, tree } = rig();
    const portable = tree.addInstallation(join(tree.drive, 'portable'));
    expect(await check('Program', { terminalFolder: portable })).toMatchObject({
      state: 'wrong',
      cure: `mt5-fabric --install-bridge --terminal-folder "${portable}"`,
    });
    expect(await check('MetaTrader', { terminalFolder: '/no/such' })).toMatchObject({
      found: '/no/such is no folder of a MetaTrader 5',
    });
  });

  it('finds a data folder that cannot be used as one, and a token that cannot be read', async () => {
    const { check, folder, tree, installIo } = rig();
    mkdirSync(join(folder, 'data'));
    expect(await check('Data folder')).toMatchObject({ state: 'good' });
    mkdirSync(join(folder, 'data', 'bridge.token'));
    tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    await runInstallCommand(undefined, { ...installIo, dataDir: join(folder, 'other') });
    expect(await check('Token')).toMatchObject({ found: `${join(folder, 'data', 'bridge.token')} cannot be read` });
    writeFileSync(join(folder, 'file'), '');
    expect(await check('Data folder', { dataDir: join(folder, 'file') })).toMatchObject({ state: 'wrong' });
  });
});
