import { describe, expect, it } from 'vitest';
import { tagOf, taggedComment } from '../../../main/gateway/trade-marks.ts';
import { FabricRig } from '../fabric-rig.ts';
import { breachesOfOnce, expectOnce } from './once.ts';

const key = { client: 'alpha', reqId: 'a' };
const comment = taggedComment('', tagOf(key));

async function afterOneOrder() {
  const rig = await FabricRig.start();
  const sent = rig.brain('alpha').open({}, { reqId: 'a' });
  await rig.settle();
  expect(sent.answer.status).toBe('SUCCESS');
  expectOnce(rig);
  return { rig, sent };
}

describe('the invariant of exactly once', () => {
  it('notices a second order of the same command', async () => {
    const { rig } = await afterOneOrder();
    await rig.paper.send({ comment });
    expect(breachesOfOnce(rig).join()).toContain('are both of');
  });

  it('notices a second order that waits for its price', async () => {
    const { rig } = await afterOneOrder();
    await rig.paper.send({ comment, type: 'LIMIT', price: 1 });
    expect(breachesOfOnce(rig).join()).toContain('are both of');
  });

  it('notices a position that is closed twice by one command', async () => {
    const { rig } = await afterOneOrder();
    const [position] = await rig.positions();
    if (position === undefined) throw new Error('there is no position');
    const { ticket } = position;
    await rig.paper.close(ticket, { volumeLots: 0.01, comment: taggedComment('', 'abcdefghijkl') });
    expectOnce(rig);
    await rig.paper.close(ticket, { volumeLots: 0.01, comment: taggedComment('', 'abcdefghijkl') });
    expect(breachesOfOnce(rig).join()).toContain('are both of');
  });

  it('notices an order that no command was dispatched for', async () => {
    const { rig } = await afterOneOrder();
    await rig.openByHand();
    expectOnce(rig);
    await rig.paper.send({ comment: taggedComment('', 'abcdefghijkl') });
    expect(breachesOfOnce(rig).join()).toContain('has no DISPATCH row');
  });

  it('notices a fill too many whose comment the broker rewrote', async () => {
    const { rig } = await afterOneOrder();
    await rig.paper.send({ comment: 'broker' });
    expect(breachesOfOnce(rig).join()).toContain('1 more orders were filled than dispatched');
  });

  it('notices a reply that no row says, and one too many', async () => {
    const { rig, sent } = await afterOneOrder();
    const { text } = sent;
    sent.text = text.replace('"volume":0.1', '"volume":0.2');
    expect(breachesOfOnce(rig).join()).toContain('no row says');
    sent.text = text;
    sent.replies = 2;
    expect(breachesOfOnce(rig).join()).toContain('answered 2 times');
  });
});
