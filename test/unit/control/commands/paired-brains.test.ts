import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ControlHandlers, ControlOutput } from '../../../../main/control/contract.ts';
import { EXIT } from '../../../../main/exit-codes.ts';
import { pairedGateway } from './paired-gateway.ts';

const ALPHA = { command: 'pair', client: 'alpha', role: 'trade' } as const;

/** A gateway that has heard some clients. */
function heard(...names: string[]): Partial<ControlHandlers> {
  const client = { first_seen_ms: 0, last_seen_ms: 0, requests: 1, rejects: 0 };
  const clients = names.map((name) => ({
    name,
    ...client,
    top_reject: null,
    last_action: null,
    clock_offset_ms: null,
  }));
  const status: Partial<ControlOutput<'status'>> = {
    ...{ version: '1', session: 's', uptime_s: 1, data_dir: '/d', account_mode: 'PAPER', account: null },
    ...{ terminal_connected: true, security: 'encrypted', paired: 1, trades_in_flight: 0, audit: { seq: 1, hash: '' } },
    endpoints: { command: '', data: '', events: '' },
    terminal: {
      ...{ linked: true, link_fault: null, connected: true, blocked_by: [], login: null, server: null },
      ...{ account_mode: null, margin_mode: '', bridge_version: '', last_heard_ms_ago: null, latch_epoch: null },
      ...{ latched: null, transport: null, listens_on: [] },
    },
    state: { mode: 'TRADING', flatten: 'none', flatten_phase: '', epoch: 1, since_ms: 0, recorded: true, causes: [] },
    ...{ clients, leases: [], unknown: [], foreign: { positions: 0, orders: 0 } },
  };
  return { status: () => Promise.resolve(status as ControlOutput<'status'>) };
}

describe('--revoke', () => {
  it('ends a pairing and records why', async () => {
    const { run, folder, recorded } = await pairedGateway();
    await run({ ...ALPHA, out: join(folder, 'f') });
    const { code, stdout } = await run({ command: 'revoke', client: 'alpha', reason: 'lost laptop' });
    expect([code, stdout]).toEqual([EXIT.ok, expect.stringContaining('alpha is revoked')]);
    expect(recorded.at(-1)).toMatchObject({ type: 'CLIENT_REVOKED', reason: 'lost laptop' });
    const again = await run({ command: 'revoke', client: 'alpha', reason: 'lost laptop' });
    expect([again.code, again.stdout]).toEqual([EXIT.refused, 'no brain "alpha" is paired\n']);
  });

  it('needs a reason, and one that says something', async () => {
    const { run } = await pairedGateway();
    expect(await run({ command: 'revoke', client: 'alpha' })).toMatchObject({
      ...{ code: EXIT.usage, stderr: expect.stringContaining('--revoke needs --reason') as string },
    });
    expect(await run({ command: 'revoke', client: 'alpha', reason: 'x' })).toMatchObject({ code: EXIT.usage });
  });
});

describe('--rename', () => {
  it('says what the brain is called now, or that there is none', async () => {
    const { run, folder } = await pairedGateway();
    await run({ ...ALPHA, out: join(folder, 'f') });
    const renamed = await run({ command: 'rename', client: 'alpha', label: 'Trend 1' });
    expect([renamed.code, renamed.stdout]).toEqual([EXIT.ok, 'alpha is called Trend 1 from now on.\n']);
    expect(await run({ command: 'rename', client: 'beta', label: 'x' })).toMatchObject({ code: EXIT.refused });
    expect(await run({ command: 'rename', client: 'alpha', label: 'a\nb' })).toMatchObject({ code: EXIT.usage });
  });
});

describe('--clients', () => {
  it('lists who is paired, and who was heard without being', async () => {
    const { run, folder, network } = await pairedGateway({ handlers: heard('alpha', 'gamma', 'self-test') });
    await run({ ...ALPHA, expiresDays: 3_650, out: join(folder, 'a') });
    await run({ ...ALPHA, client: 'old', role: 'read', expiresDays: 1, out: join(folder, 'b') });
    await run({ command: 'rename', client: 'alpha', label: 'Trend 1' });
    network.pairings.connect('alpha', '10.0.0.9', Date.UTC(2026, 0, 5, 12));
    const { code, stdout } = await run({ command: 'clients' });
    expect(code).toBe(EXIT.ok);
    expect(stdout).toContain("Security mode encrypted, the gateway's own key is 0123 4567 89AB CDEF");
    expect(stdout).toMatch(/^NAME {3}LABEL {4}ROLE {3}FINGERPRINT/m);
    expect(stdout).toMatch(
      /^alpha {2}Trend 1 {2}trade {2}AB12 CD34 EF56 7890 {2}2036-01-03 .* 10\.0\.0\.9 .* 2026-01-05/m,
    );
    expect(stdout).toMatch(/^old {4}- {8}read .*EXPIRED 2026-01-06/m);
    expect(stdout).toMatch(/Not paired, by the name that they give:\ngamma {2}/);
    expect(stdout).not.toContain('self-test');
  });

  it('lists the addresses that were seen, let in or not', async () => {
    const seenAddresses = () => [
      { address: '10.0.0.9', lastSeenMs: 0, isAdmitted: true },
      { address: '172.16.0.1', lastSeenMs: 0, isAdmitted: false },
    ];
    const { run } = await pairedGateway({ security: 'plain-network', desk: { seenAddresses }, handlers: heard() });
    const { stdout } = await run({ command: 'clients' });
    expect(stdout).toContain('No brain is paired.');
    expect(stdout).toMatch(/10\.0\.0\.9 .* let in\n172\.16\.0\.1 .* REFUSED\n/);
    expect(JSON.parse((await run({ command: 'clients' }, true)).stdout)).toMatchObject({
      ...{ security: 'plain-network', paired: [], unpaired: [], seen: [{ admitted: true }, { admitted: false }] },
    });
  });

  it('says so where no gateway runs', async () => {
    const { run } = await pairedGateway({ isRunning: false });
    expect(await run({ command: 'clients' })).toMatchObject({ code: EXIT.unavailable });
  });
});
