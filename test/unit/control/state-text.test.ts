import { describe, expect, it } from 'vitest';
import type { ControlOutput } from '../../../main/control/contract.ts';
import { statusLines } from '../../../main/control/state-text.ts';
import { findingsWith } from './doctor/sound-findings.ts';

type Status = ControlOutput<'status'>;

function securityLine(more: Pick<Status, 'security' | 'paired'>, command: string): string | undefined {
  const { gateway } = findingsWith();
  if (gateway.kind !== 'running') throw new Error('a gateway is expected');
  const endpoints = { command, data: 'tcp://127.0.0.1:2', events: 'tcp://127.0.0.1:3' };
  return statusLines({ ...gateway.status, ...more, endpoints }).find((line) => line.startsWith('Security'));
}

describe('the line about security in --status', () => {
  it.each([
    [{ security: 'local', paired: 0 }, 'tcp://127.0.0.1:1', 'local: only this machine reaches 127.0.0.1'],
    [{ security: 'encrypted', paired: 0 }, 'tcp://[::]:1', 'encrypted, listens on all addresses, no brain is paired'],
    [{ security: 'encrypted', paired: 1 }, 'tcp://10.0.0.5:1', 'encrypted, listens on 10.0.0.5, 1 paired brain'],
    [{ security: 'encrypted', paired: 3 }, 'tcp://0.0.0.0:1', 'encrypted, listens on all addresses, 3 paired brains'],
    [{ security: 'plain-network', paired: 3 }, 'tcp://0.0.0.0:1', 'UNENCRYPTED, whoever is in --allow-from'],
  ] as const)('of %j at %s says: %s', (more, command, words) => {
    expect(securityLine(more, command)).toContain(words);
  });
});
