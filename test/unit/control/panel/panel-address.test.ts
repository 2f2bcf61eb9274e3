import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ControlOutput } from '../../../../main/control/contract.ts';
import { openControlEndpoint } from '../../../../main/control/endpoint.ts';
import { runLocalCommand } from '../../../../main/control/local-command.ts';
import { EXIT } from '../../../../main/exit-codes.ts';
import { silentLog } from '../../../../main/log.ts';
import { FakeControlService } from '../../../fakes/control-service.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

async function ask(answer: ControlOutput<'panelAddress'> | null, json = false) {
  const dataDir = temporaryFolder();
  const path = join(dataDir, 'control');
  if (answer !== null) {
    const opened = await openControlEndpoint([path], silentLog);
    if (!opened.ok) throw new Error(opened.message);
    onTestFinished(() => opened.endpoint.stop());
    opened.endpoint.serve(new FakeControlService({ panelAddress: () => Promise.resolve(answer) }).handlers);
  }
  const told = { stdout: '', stderr: '' };
  const code = await runLocalCommand(
    { command: 'panel-address' },
    {
      ...{ dataDir, endpoints: [path], json },
      stdout: (text) => (told.stdout += text),
      stderr: (text) => (told.stderr += text),
    },
  );
  return { code, ...told };
}

const address = 'http://127.0.0.1:5560/?token=abc';

describe('--panel-address', () => {
  it('prints the address of the running gateway, alone in its line', async () => {
    const { code, stdout } = await ask({ open: true, address });
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n')[0]).toBe(address);
    expect((await ask({ open: true, address }, true)).stdout).toBe(`${JSON.stringify({ open: true, address })}\n`);
  });

  it('says how to open the panel where it is not open', async () => {
    const message = 'the panel is not open: start the gateway with --panel-port N';
    expect(await ask({ open: false, message })).toEqual({
      ...{ code: EXIT.unavailable, stdout: `${message}\n`, stderr: '' },
    });
  });

  it('says so where no gateway runs', async () => {
    const { code, stderr } = await ask(null);
    expect(code).toBe(EXIT.unavailable);
    expect(stderr).toContain('no gateway is running');
  });
});
