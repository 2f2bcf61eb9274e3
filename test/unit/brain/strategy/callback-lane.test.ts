import { describe, expect, it } from 'vitest';
import { CallbackLane } from '../../../../main/brain/strategy/callback-lane.ts';

const never = () => new Promise<void>(() => {});

describe("the lane of a strategy's callbacks", () => {
  it('gives a sign of life as often as it is asked while nothing is under way', async () => {
    const lane = new CallbackLane();
    expect([lane.takeSign(), lane.takeSign()]).toEqual([true, true]);
    await lane.run('onTick', () => {});
    expect([lane.takeSign(), lane.takeSign()]).toEqual([true, true]);
  });

  it('gives one sign for the beginning of a callback, and none while it lasts', () => {
    const lane = new CallbackLane();
    lane.takeSign();
    void lane.run('onTick', never);
    expect([lane.takeSign(), lane.takeSign(), lane.takeSign()]).toEqual([true, false, false]);
    expect(lane.running).toBe('onTick');
  });

  it('says when a callback has begun and ended', async () => {
    const lane = new CallbackLane();
    const seen: (string | null)[] = [];
    lane.onMove = () => seen.push(lane.running);
    await lane.run('onTick', () => Promise.resolve());
    expect(seen).toEqual(['onTick', null]);
  });

  it.each([
    ['throws', () => JSON.parse('{') as unknown],
    ['rejects', () => Promise.reject(new SyntaxError('no'))],
  ])('returns what a callback %s, and lives on', async (_, callback) => {
    const lane = new CallbackLane();
    const end = await lane.run('onEvent', callback);
    expect(end).toMatchObject({ ok: false, name: 'onEvent', error: expect.any(SyntaxError) as Error });
    expect(lane.running).toBeNull();
    expect(await lane.run('onEvent', () => {})).toEqual({ ok: true });
  });
});
