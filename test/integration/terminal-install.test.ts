import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { runProgram as run } from '../running-gateway.ts';
import { startGateway } from './gateway-process.ts';

interface Doctor {
  readonly ok: boolean;
  readonly checks: readonly { readonly link: string; readonly state: string; readonly found: string }[];
}

/** A portable terminal without MetaEditor. */
function portableTerminal(): string {
  const folder = join(temporaryFolder(), 'portable');
  mkdirSync(join(folder, 'MQL5'), { recursive: true });
  writeFileSync(join(folder, 'terminal64.exe'), '');
  return folder;
}

describe('the built program at the gateway machine', () => {
  it('brings the program for MetaTrader with it, and says when it cannot compile it', async () => {
    const [dataDir, terminal] = [temporaryFolder(), portableTerminal()];
    const ran = await run('--install-bridge', '--terminal-folder', terminal, '--data-dir', dataDir);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stdout).toContain('NOT COMPILED: there is no metaeditor64.exe');
    const installed = join(terminal, 'MQL5', 'Experts', 'MT5Fabric');
    const shipped = readFileSync('resources/mql5/MT5FabricBridge.mq5');
    expect(readFileSync(join(installed, 'MT5FabricBridge.mq5')).equals(shipped)).toBe(true);
    expect(existsSync(join(installed, 'MT5Fabric', 'Link.mqh'))).toBe(true);
    expect(readFileSync(join(terminal, 'MQL5', 'Files', 'MT5Fabric', 'token.txt'), 'utf8')).toBe(
      readFileSync(join(dataDir, 'bridge.token'), 'utf8'),
    );
    const preset = readFileSync(join(terminal, 'MQL5', 'Presets', 'MT5FabricBridge.set'), 'utf16le');
    expect(preset).toContain('InpPipe=mt5-fabric\r\nInpTcpPort=5558\r\nInpTokenFile=MT5Fabric\\token.txt\r\n');
  });

  it('is diagnosed link by link: nothing there, then a gateway on paper', async () => {
    const empty = await run('--doctor', '--json', '--data-dir', join(temporaryFolder(), 'none'));
    expect(empty).toMatchObject({ code: 1 });
    const stateOf = (doctor: Doctor, link: string) => doctor.checks.find((check) => check.link === link)?.state;
    const bare = JSON.parse(empty.stdout) as Doctor;
    expect(bare.ok).toBe(false);
    expect(['Data folder', 'Gateway', 'Link'].map((link) => stateOf(bare, link))).toEqual([
      'wrong',
      'wrong',
      'unchecked',
    ]);

    const { dataDir } = await startGateway();
    const running = await run('--doctor', '--json', '--data-dir', dataDir);
    expect(running).toMatchObject({ code: 0 });
    const paper = JSON.parse(running.stdout) as Doctor;
    expect(['Gateway', 'Account', 'Symbols', 'Trading'].map((link) => stateOf(paper, link))).toEqual(
      Array(4).fill('good'),
    );
  });

  it('tells of a bridge to which no program has linked', async () => {
    const { dataDir } = await startGateway({
      flags: ['--terminal', 'bridge', '--bridge-port', '0', '--bridge-pipe', `d${process.pid}`],
    });
    const ran = await run('--doctor', '--json', '--data-dir', dataDir);
    expect(ran).toMatchObject({ code: 1 });
    const link = (JSON.parse(ran.stdout) as Doctor).checks.find((check) => check.link === 'Link');
    expect(link).toMatchObject({ state: 'wrong' });
    const status = await run('--status', '--data-dir', dataDir);
    expect(status.stdout).toContain('NOT LINKED');
  });
});
