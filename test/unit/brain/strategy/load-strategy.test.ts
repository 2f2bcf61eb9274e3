import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStrategy } from '../../../../main/brain/strategy/load-strategy.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brain-strategy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
const message = async (path: string) => {
  const loaded = await loadStrategy(path);
  return loaded.ok ? 'it was loaded' : loaded.message;
};

describe('a strategy module', () => {
  it.each([
    ['named.mjs', 'export const settings = { leaseS: 5 }; export function onTick() { return "tick"; }'],
    ['default.mjs', 'export default { settings: { leaseS: 5 }, onTick() { return "tick"; } };'],
    [
      'instance.mjs',
      'class S { settings = { leaseS: 5 }; word = "tick"; onTick() { return this.word; } } export default new S();',
    ],
    ['named.cjs', 'exports.settings = { leaseS: 5 }; exports.onTick = () => "tick";'],
    [
      'built.cjs',
      'module.exports = make(); function make() { return { settings: { leaseS: 5 }, onTick: () => "tick" }; }',
    ],
    [
      'typed.ts',
      'export const settings: { leaseS: number } = { leaseS: 5 }; export const onTick = (): string => "tick";',
    ],
    [
      'typed.mts',
      'import type { X } from "mt5-fabric/brain"; export const settings = { leaseS: 5 }; export const onTick = (_?: X) => "tick";',
    ],
  ])('is taken as %s', async (name, text) => {
    const loaded = await loadStrategy(file(name, text));
    if (!loaded.ok) throw new Error(loaded.message);
    const { strategy } = loaded;
    expect(strategy.settings).toEqual({ leaseS: 5 });
    expect(strategy.onTick?.(null as never, null as never)).toBe('tick');
  });

  it('that is not there, or throws, is refused with the reason', async () => {
    expect(await message(join(folder, 'none.mjs'))).toBe(`there is no file ${join(folder, 'none.mjs')}`);
    expect(await message(file('throws.mjs', 'throw new Error("at the top")'))).toContain('Error: at the top');
    expect(await message(file('broken.mjs', 'export const = 5'))).toContain('cannot be loaded');
  });

  it.each([
    ['nothing.mjs', 'export const x = 1;', 'is no strategy: it exports none of onStart, onTick, onEvent'],
    ['stop.mjs', 'export function onStop() {}', 'is no strategy'],
    ['text.mjs', 'export const onTick = "tick"; ', 'onTick in text.mjs is no function'],
    ['lower.mjs', 'export function ontick() {}', 'has ontick, but a callback is onStart, onTick, onEvent, onStop'],
    ['many.mjs', 'export function onTick() {} export function onEvents() {}', 'has onEvents'],
    ['snake.mjs', 'export default { onTick() {}, on_stop() {} }', 'has on_stop'],
  ])('%s is refused and told why', async (name, text, why) => {
    expect(await message(file(name, text))).toContain(why);
  });

  it('in TypeScript is refused by a Node that does not run it, with what does', async () => {
    const typed = file('old.ts', 'export const onTick = () => {};');
    const old = { version: '22.3.0', typescript: false };
    expect(await loadStrategy(typed, old)).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /old\.ts is TypeScript, which Node 22\.3\.0 does not run: use Node 24, .*JavaScript/,
      ) as string,
    });
    expect(await loadStrategy(file('old.mjs', 'export const onTick = () => {};'), old)).toMatchObject({ ok: true });
  });
});
