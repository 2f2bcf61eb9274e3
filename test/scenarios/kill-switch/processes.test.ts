import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Context, Dealer } from 'zeromq';
import { auditFile } from '../../../main/audit/schema.ts';
import { controlEndpoints } from '../../../main/config/data-dir.ts';
import { callGateway } from '../../../main/control/client.ts';
import type { ControlCall, ControlInput, ControlOutput } from '../../../main/control/contract.ts';
import { startGateway } from '../../integration/gateway-process.ts';
import { eventually, listOf, RawClient, requestBytes } from '../../integration/raw-client.ts';
import { runProgram, type RunningGateway } from '../../running-gateway.ts';

const BUY = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };

/** Calls the gateway's control endpoint, as the command line does. */
async function control<C extends ControlCall>(
  { dataDir }: RunningGateway,
  call: C,
  input: ControlInput<C>,
): Promise<ControlOutput<C>> {
  const result = await callGateway(controlEndpoints(dataDir, process.env), call, input, 5_000);
  if (result.kind !== 'answered') throw new Error(result.kind);
  return result.output;
}

const stateOf = async (gateway: RunningGateway) => (await control(gateway, 'status', {})).state;
const stateWhen = (gateway: RunningGateway, wished: (state: Awaited<ReturnType<typeof stateOf>>) => boolean) =>
  eventually(() => stateOf(gateway), wished, 15_000);

/** A connection that sends and never reads. */
async function deafClient(gateway: RunningGateway): Promise<Dealer> {
  const socket = new Dealer({ context: new Context(), linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 1 });
  socket.connect(gateway.endpoints.command);
  onTestFinished(() => socket.close());
  await socket.send(['', requestBytes('HEARTBEAT')]);
  await socket.receive();
  return socket;
}

/** A figure of the gateway's audit log. */
function count(gateway: RunningGateway, where: string): number {
  const db = new Database(auditFile(gateway.dataDir), { readonly: true });
  try {
    return Number(db.prepare(`SELECT count(*) FROM audit WHERE ${where}`).pluck().get());
  } finally {
    db.close();
  }
}

describe('10,000 messages are queued before the KILL', () => {
  const QUEUED = 10_000;

  /** Sends orders while the gateway stands still, so that all of them wait for it when it goes on. */
  async function queueOrders(gateway: RunningGateway, flood: Dealer): Promise<void> {
    gateway.signal('SIGSTOP');
    for (let sent = 0; sent < QUEUED; sent += 1) await flood.send(['', requestBytes('OPEN_ORDER', BUY)]);
  }

  test('kill switch 15: a KILL on another connection is acted on before the 10,000 orders that wait', async () => {
    const gateway = await startGateway();
    const flood = await deafClient(gateway);
    const other = new RawClient(gateway.endpoints.command);
    await other.send('HEARTBEAT');
    await queueOrders(gateway, flood);
    const kill = other.send('KILL_SWITCH');
    await new Promise((resolve) => setTimeout(resolve, 100));
    gateway.signal('SIGCONT');
    expect(await kill).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED' } });
    const state = await stateWhen(gateway, ({ flatten_phase: phase }) => phase === 'FLAT');
    expect(state).toMatchObject({ mode: 'HALTED', flatten_phase: 'FLAT', epoch: 2 });
    expect(listOf(await other.send('GET_POSITIONS'))).toEqual([]);
    // At most one turn's worth has passed the gate, in case the KILL came a turn later; behind all of them twice that would.
    expect(count(gateway, "type = 'INTENT'")).toBeLessThan(600);
    expect(count(gateway, "code = 'KILL_SWITCH_ENGAGED'")).toBeGreaterThan(0);
  }, 60_000);

  test('kill switch 15: a KILL behind 10,000 orders of its own connection halts, and what they opened is closed', async () => {
    const gateway = await startGateway();
    const flood = await deafClient(gateway);
    await queueOrders(gateway, flood);
    await flood.send(['', requestBytes('KILL_SWITCH')]);
    gateway.signal('SIGCONT');
    const state = await stateWhen(gateway, ({ flatten_phase: phase }) => phase === 'FLAT');
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'account', flatten_phase: 'FLAT', recorded: true });
    expect(listOf(await new RawClient(gateway.endpoints.command).send('GET_POSITIONS'))).toEqual([]);
    expect(count(gateway, "type = 'KILL_TRIGGER'")).toBe(1);
  }, 60_000);
});

describe('nothing that hangs or floods holds a local halt up', () => {
  /** A gateway with an order that hangs in the terminal and a client that never stops sending: what a window that hangs may leave. */
  async function busyGateway(): Promise<RunningGateway> {
    const gateway = await startGateway({ flags: ['--paper-latency-ms', '30000'] });
    const flood = await deafClient(gateway);
    await flood.send(['', requestBytes('OPEN_ORDER', BUY)]);
    const end = new AbortController();
    onTestFinished(() => end.abort());
    void (async () => {
      while (!end.signal.aborted) {
        for (let sent = 0; sent < 200; sent += 1) await flood.send(['', requestBytes('GET_POSITIONS')]);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })().catch(() => {});
    return gateway;
  }

  test('kill switch 17: --kill halts within a second while an order hangs and a client floods the gateway', async () => {
    const gateway = await busyGateway();
    const askedMs = Date.now();
    const { state } = await control(gateway, 'kill', { reason: 'by hand' });
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'account' });
    expect(state.since_ms - askedMs).toBeLessThan(1_000);
    // The command itself, with the start of its process.
    expect(await runProgram('--kill', '--data-dir', gateway.dataDir)).toMatchObject({ code: 0 });
    expect((await stateOf(gateway)).causes).toMatchObject([{ kind: 'OPERATOR', reason: 'by hand' }, {}]);
  }, 60_000);

  test('kill switch 17: a HALT file halts within a second while an order hangs and a client floods the gateway', async () => {
    const gateway = await busyGateway();
    const madeMs = Date.now();
    writeFileSync(join(gateway.dataDir, 'HALT'), '');
    const state = await stateWhen(gateway, ({ mode }) => mode === 'HALTED');
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'none', causes: [{ kind: 'HALT_FILE' }] });
    expect(state.since_ms - madeMs).toBeLessThan(1_000);
  }, 60_000);

  test('kill switch 17: --kill to a gateway that hangs leaves a HALT file, and it halts when it goes on', async () => {
    const gateway = await startGateway();
    gateway.signal('SIGSTOP');
    const ran = await runProgram('--kill', '--data-dir', gateway.dataDir);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain('NOT closed');
    gateway.signal('SIGCONT');
    expect((await stateWhen(gateway, ({ mode }) => mode === 'HALTED')).mode).toBe('HALTED');
    await gateway.crash();
    rmSync(join(gateway.dataDir, 'HALT'));
    expect((await startGateway({ dataDir: gateway.dataDir })).mode).toBe('HALTED');
  }, 60_000);
});
