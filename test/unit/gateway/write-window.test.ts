import { describe, expect, it } from 'vitest';
import { type Place, WriteWindow } from '../../../main/gateway/write-window.ts';

/** Enters `count` places and notes, in order, which get their slot and their turn. */
function enter(window: WriteWindow, count: number, heard: string[]): Place[] {
  return Array.from({ length: count }, (_, n) => {
    const place = window.enter();
    void place.slot.then((granted) => heard.push(`${n} ${granted ? 'slot' : 'away'}`));
    void place.turn.then(() => heard.push(`${n} turn`));
    return place;
  });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('WriteWindow', () => {
  it('gives slots and turns in the order of entering', async () => {
    const heard: string[] = [];
    const window = new WriteWindow(2);
    const [first, second, third] = enter(window, 3, heard) as [Place, Place, Place];
    expect([first, second, third].map((place) => place.isImmediate)).toEqual([true, true, false]);
    await settle();
    expect(heard.sort()).toEqual(['0 slot', '0 turn', '1 slot']);
    first.written();
    await settle();
    expect(heard.at(-1)).toBe('1 turn');
    first.leave();
    await settle();
    expect(heard.at(-1)).toBe('2 slot');
    second.leave();
    await settle();
    expect(heard.at(-1)).toBe('2 turn');
    expect(window.waiting).toBe(0);
  });

  it('nobody overtakes who waits, also when a slot is free meanwhile', () => {
    const window = new WriteWindow(1);
    const [first] = enter(window, 2, []) as [Place, Place];
    first.leave();
    expect(window.waiting).toBe(0);
    expect(window.enter().isImmediate).toBe(false);
  });

  it('one that leaves without having written lets the next ones go', async () => {
    const heard: string[] = [];
    const window = new WriteWindow(3);
    const [first, second] = enter(window, 3, heard) as [Place, Place, Place];
    second.leave();
    first.leave();
    await settle();
    expect(heard).toContain('2 turn');
  });

  it('leaving twice frees one slot', () => {
    const window = new WriteWindow(1);
    const [first] = enter(window, 3, []) as [Place, Place, Place];
    first.leave();
    first.leave();
    expect(window.waiting).toBe(1);
  });

  it('a place that leaves while it waits is not waited for', async () => {
    const heard: string[] = [];
    const window = new WriteWindow(1);
    const [first, second] = enter(window, 3, heard) as [Place, Place, Place];
    second.leave();
    expect(window.waiting).toBe(1);
    first.leave();
    await settle();
    expect(heard).toContain('1 away');
    expect(heard).toContain('2 slot');
  });

  it('sends away what waits and may not stay, and nothing else', async () => {
    const window = new WriteWindow(1);
    const working = window.enter(() => false);
    const away = window.enter(() => false);
    const stays = window.enter(() => true);
    window.sendAway();
    expect(await away.slot).toBe(false);
    expect(window.waiting).toBe(1);
    working.leave();
    expect(await stays.slot).toBe(true);
    away.leave();
    expect(window.enter().isImmediate).toBe(false);
  });
});
