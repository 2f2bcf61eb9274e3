import { describe, expect, it } from 'vitest';
import type { KillReport } from '../../../main/safety/safety-port.ts';
import { ORDER, Rig } from './rig.ts';

const FLATTENING: KillReport = {
  positions_closed: 1,
  total_positions: 2,
  orders_cancelled: 0,
  flatten: 'FLATTENING',
  tickets: [],
};

describe('GET_COMMAND of a kill', () => {
  it('tells what the kill was answered, and FLAT once that is verified', async () => {
    const rig = new Rig();
    rig.safety.report = () => Promise.resolve(FLATTENING);
    const killed = await rig.ask('KILL_SWITCH', { reqId: 'k', client: 'alpha' });
    await rig.clock.advance(2_000);
    expect(await rig.known('k', 'alpha')).toMatchObject({
      req_id: 'k',
      client_id: 'alpha',
      action: 'KILL_SWITCH',
      state: 'DONE',
      status: 'SUCCESS',
      code: null,
      data: killed.answer.data,
      received_at: rig.clock.nowMs() / 1000 - 2,
    });
    rig.safety.inPhase('FLAT');
    const known = await rig.known('k', 'alpha');
    expect(known).toMatchObject({
      data: { ...killed.answer.data, flatten: 'FLAT' },
      updated_at: rig.clock.nowMs() / 1000,
    });
    rig.safety.inPhase('NONE');
    expect(await rig.known('k', 'alpha')).toMatchObject({ data: { flatten: 'FLAT' } });
  });

  it('that closes nothing never says FLAT, and one that is not answered yet is under way', async () => {
    const rig = new Rig();
    rig.safety.report = () => Promise.resolve({ ...FLATTENING, flatten: 'NONE' });
    await rig.ask('KILL_SWITCH', { reqId: 'none', payload: { flatten: 'none' } });
    rig.safety.report = () => new Promise(() => {});
    await rig.ask('KILL_SWITCH', { reqId: 'slow' });
    rig.safety.inPhase('FLAT');
    expect(await rig.known('none')).toMatchObject({ data: { flatten: 'NONE' } });
    expect(await rig.known('slow')).toMatchObject({ state: 'DISPATCHING', status: 'PENDING', data: {} });
  });

  it('is that of the own client; a command under the same req_id is not hidden by it', async () => {
    const rig = new Rig();
    await rig.open({ reqId: 'k' });
    await rig.ask('KILL_SWITCH', { reqId: 'k' });
    expect(await rig.known('k')).toMatchObject({ action: 'OPEN_ORDER' });
    const other = await rig.ask('GET_COMMAND', { client: 'beta', payload: { req_id: 'k' } });
    expect(other.answer.code).toBe('NOT_FOUND');
  });

  it('is kept for the newest thousand', async () => {
    const rig = new Rig();
    for (let n = 0; n <= 1_000; n += 1) rig.hand('KILL_SWITCH', { reqId: `k-${n}`, payload: ORDER });
    await rig.settle();
    expect(await rig.known('k-1')).toMatchObject({ action: 'KILL_SWITCH' });
    const oldest = await rig.ask('GET_COMMAND', { payload: { req_id: 'k-0' } });
    expect(oldest.answer.code).toBe('NOT_FOUND');
  });
});
