import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

async function withFailedClaim(failure: { ambiguous: boolean; written: boolean }) {
  const rig = new Rig();
  await rig.ask('HEARTBEAT');
  rig.audit.failNext(failure);
  const asked = await rig.open({ reqId: 'a' });
  expect(asked.answer.code).toBe('AUDIT_UNAVAILABLE');
  return rig;
}

describe('an intent whose commit failed', () => {
  it('and that is on disk all the same gets an end of its own: certainly not sent', async () => {
    const rig = await withFailedClaim({ ambiguous: true, written: true });
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING']);
    await rig.clock.advance(250);
    expect(rig.statuses('a').slice(0, 3)).toEqual(['ACCEPTED', 'DISPATCHING', 'FENCED']);
    expect(await rig.audit.unsettled()).toEqual([]);
    expect(rig.terminal.sent).toEqual([]);
    expect((await rig.open({ reqId: 'a' })).answer).toMatchObject({ code: 'AUDIT_UNAVAILABLE', duplicate: true });
    expect((await rig.restarted().open({ reqId: 'a' })).answer).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      duplicate: true,
    });
  });

  it('is looked up until the log works again', async () => {
    const rig = await withFailedClaim({ ambiguous: true, written: true });
    rig.audit.breakDown();
    await rig.clock.advance(2_000);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING']);
    rig.audit.repair();
    await rig.clock.advance(4_000);
    expect(rig.statuses('a')).toContain('FENCED');
  });

  it('also where the log cannot even be read for a while', async () => {
    const rig = await withFailedClaim({ ambiguous: true, written: true });
    const find = rig.audit.findCommand.bind(rig.audit);
    rig.audit.findCommand = () => Promise.reject(new Error('the audit log cannot be read'));
    await rig.clock.advance(1_000);
    rig.audit.findCommand = find;
    await rig.clock.advance(4_000);
    expect(rig.statuses('a')).toContain('FENCED');
  });

  it('and that is not on disk is forgotten after a while', async () => {
    const rig = await withFailedClaim({ ambiguous: true, written: false });
    const find = rig.audit.findCommand.bind(rig.audit);
    let looks = 0;
    rig.audit.findCommand = (key) => {
      looks += 1;
      return find(key);
    };
    await rig.clock.advance(60_000);
    const looksSoon = looks;
    await rig.clock.advance(3_600_000);
    expect(rig.statuses('a')).toEqual([]);
    expect(looksSoon).toBeGreaterThan(1);
    expect(looks).toBe(looksSoon);
  });

  it('that certainly failed is not looked up', async () => {
    const rig = await withFailedClaim({ ambiguous: false, written: false });
    let looks = 0;
    rig.audit.findCommand = () => Promise.resolve(((looks += 1), null));
    await rig.clock.advance(60_000);
    expect(looks).toBe(0);
  });

  it('of a req_id that an earlier session left open changes nothing of that command', async () => {
    const before = new Rig();
    before.terminal.sendScripts.push(() => new Promise(() => {}));
    await before.open({ reqId: 'a' });
    const rig = before.restarted();
    await rig.ask('HEARTBEAT');
    rig.audit.failNext({ ambiguous: true });
    expect((await rig.open({ reqId: 'a' })).answer.code).toBe('AUDIT_UNAVAILABLE');
    await rig.clock.advance(60_000);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING']);
  });

  it('is looked up no more when the gateway stops', async () => {
    const rig = await withFailedClaim({ ambiguous: true, written: true });
    rig.core.stop();
    await rig.clock.advance(60_000);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING']);
  });
});
