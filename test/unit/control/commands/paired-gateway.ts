import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ControlHandlers } from '../../../../main/control/contract.ts';
import type { LocalRequest } from '../../../../main/local-arguments.ts';
import { openControlEndpoint } from '../../../../main/control/endpoint.ts';
import { networkHandlers } from '../../../../main/control/handlers/network.ts';
import { runLocalCommand } from '../../../../main/control/local-command.ts';
import { silentLog } from '../../../../main/log.ts';
import type { NetworkDesk } from '../../../../main/security/pairings.ts';
import { FakeControlService } from '../../../fakes/control-service.ts';
import { fakeNetwork } from '../../../fakes/fake-pairings.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { recorder } from '../handlers/recorder.ts';

interface Changes {
  readonly security?: 'local' | 'plain-network' | 'encrypted';
  readonly desk?: Partial<NetworkDesk>;
  readonly handlers?: Partial<ControlHandlers>;
  readonly isRunning?: boolean;
}

/** A gateway whose pairings are in memory, behind a real control endpoint, and its local commands. */
export async function pairedGateway({ security = 'encrypted', desk, handlers, isRunning = true }: Changes = {}) {
  const dataDir = temporaryFolder();
  const path = join(dataDir, 'control');
  const network = fakeNetwork(desk);
  const { recorded, record } = recorder();
  const calls = networkHandlers({
    ...{ network, record, clock: new SimulatedClock(Date.UTC(2026, 0, 5, 12)), log: silentLog },
    settings: { security, host: security === 'local' ? '127.0.0.1' : '0.0.0.0', allowFrom: ['10.0.0.0/24'] },
    endpoints: { command: 'tcp://0.0.0.0:5555', data: 'tcp://0.0.0.0:5556', events: 'tcp://0.0.0.0:5557' },
    addresses: () => [{ address: '192.168.1.5', device: 'eth0' }],
  });
  if (isRunning) {
    const opened = await openControlEndpoint([path], silentLog);
    if (!opened.ok) throw new Error(opened.message);
    onTestFinished(() => opened.endpoint.stop());
    opened.endpoint.serve(new FakeControlService({ ...calls, ...handlers }).handlers);
  }
  const run = async (request: LocalRequest, json = false) => {
    const told = { stdout: '', stderr: '' };
    const code = await runLocalCommand(request, {
      ...{ dataDir, endpoints: [path], json },
      stdout: (text) => (told.stdout += text),
      stderr: (text) => (told.stderr += text),
    });
    return { code, ...told };
  };
  return { network, recorded, run, folder: temporaryFolder() };
}
