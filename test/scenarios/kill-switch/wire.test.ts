import { describe, expect, test } from 'vitest';
import { refusal } from '../../../main/protocol/codes.ts';
import { FabricRig } from '../fabric-rig.ts';
import { expectFlat } from './flatness.ts';

describe('nothing on the wire lowers a halt', () => {
  test.each(['RESUME', 'ARM', 'RELEASE', 'SET_MODE', 'TRADING', 'kill_switch', ''])(
    'kill switch 12: a remote resume or an unknown action is refused and audited: "%s"',
    async (action) => {
      const rig = await FabricRig.start();
      const alpha = rig.brain('alpha');
      alpha.send('KILL_SWITCH');
      await rig.advance(3_000);
      const before = rig.safety.state();
      const asked = alpha.send(action, { reason: 'go on', mode: 'TRADING', epoch: 9 });
      await rig.advance(10_000);
      expect(asked.answer.status).toBe('ERROR');
      expect(['UNKNOWN_ACTION', 'INVALID_REQUEST']).toContain(asked.answer.code);
      const refused = rig.audit.rows.filter(({ type }) => type === 'CLIENT_REFUSED');
      expect(refused).toMatchObject([{ actorKind: 'client', actor: 'alpha', code: asked.answer.code }]);
      expect(rig.safety.state()).toEqual(before);
      expect(rig.calls('release')).toBe(0);
      expect(rig.token.content).toBeNull();
      expect(rig.rows()).not.toContain('RESUME');
    },
  );

  test('kill switch 12: a resume from afar does not spend the local one', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.send('KILL_SWITCH');
    await rig.advance(3_000);
    alpha.send('RESUME', { reason: 'go on' });
    await rig.settle();
    await rig.resume();
    expect(rig.mode()).toBe('TRADING');
  });
});

describe('a KILL halts whatever else is wrong with it', () => {
  const now = Date.UTC(2026, 0, 5, 12) / 1_000;
  test.each<[string, object]>([
    ['stale', { req_id: 'k', timestamp: now - 86_400, payload: {}, ttl_ms: 100 }],
    ['from the future', { req_id: 'k', timestamp: now + 86_400, payload: {} }],
    ['without req_id, timestamp and payload', {}],
    ['without a payload', { req_id: 'k', timestamp: now }],
    ['with a payload of null', { req_id: 'k', timestamp: now, payload: null }],
    ['with a payload that is no object', { req_id: 'k', timestamp: now, payload: ['none'] }],
    ['with an unknown flatten', { req_id: 'k', timestamp: now, payload: { flatten: 'nothing' } }],
    ['with a req_id and a timestamp of other types', { req_id: 7, timestamp: 'now', payload: {} }],
    ['with fields that nobody knows', { req_id: 'k', timestamp: now, payload: { colour: 'red' }, why: [1], mode: 2 }],
  ])(
    'kill switch 13: a KILL that is stale, from the future, lacks fields or has more of them halts: %s',
    async (_what, fields) => {
      const rig = await FabricRig.start();
      rig.brain('alpha').open();
      await rig.settle();
      const kill = rig.brain('alpha').sendBytes(Buffer.from(JSON.stringify({ action: 'KILL_SWITCH', ...fields })));
      expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account', epoch: 2 });
      await rig.advance(3_000);
      expect(kill.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', positions_closed: 1 } });
      await expectFlat(rig);
      expect(rig.rows()).toContain('KILL_TRIGGER');
    },
  );
});

test('kill switch 14: a KILL of a client that is not let in is ignored and audited, and one that is let in halts', async () => {
  const rig = await FabricRig.start({
    authorise: ({ client }) => (client === 'alpha' ? null : refusal('NOT_AUTHORISED', `${client} is not known`)),
  });
  const alpha = rig.brain('alpha');
  alpha.open();
  await rig.settle();
  const denied = [rig.brain('mallory').send('KILL_SWITCH'), rig.brain().send('KILL_SWITCH')];
  denied.push(rig.brain('mallory').sendBytes(Buffer.from('{"action":"KILL_SWITCH"}')));
  await rig.advance(10_000);
  for (const { answer } of denied) expect(answer).toMatchObject({ status: 'ERROR', code: 'NOT_AUTHORISED' });
  expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 1, causes: [] });
  expect([rig.calls('halt'), rig.calls('close'), rig.token.disarms]).toEqual([0, 0, 0]);
  const refused = rig.audit.rows.filter(({ type }) => type === 'CLIENT_REFUSED');
  expect(refused.map(({ actor, action, code }) => [actor, action, code])).toEqual([
    ['mallory', 'KILL_SWITCH', 'NOT_AUTHORISED'],
    ['anonymous', 'KILL_SWITCH', 'NOT_AUTHORISED'],
    ['anonymous', 'KILL_SWITCH', 'NOT_AUTHORISED'],
  ]);
  const order = alpha.open();
  await rig.settle();
  expect(order.answer.status).toBe('SUCCESS');
  alpha.send('KILL_SWITCH');
  await rig.advance(3_000);
  await expectFlat(rig);
});
