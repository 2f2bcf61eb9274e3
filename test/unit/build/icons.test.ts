import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRAY_SHAPES } from '../../../main/desktop/tray-view.ts';

const SIDES = [16, 20, 24, 32, 40, 48];
const RENDERER = join(import.meta.dirname, '../../../resources/build/icons.mjs');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-icons-'));
  const done = spawnSync(process.execPath, [RENDERER, folder], { encoding: 'utf8' });
  expect(done.stderr).toBe('');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trayNames = TRAY_SHAPES.flatMap((shape) => [`tray-${shape}-light`, `tray-${shape}-dark`]);

/** Width and height of a PNG file. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** The images of an .ico file, as its entries tell them. */
function imagesOf(ico: Buffer): { side: number; png: Buffer }[] {
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + index * 16;
    const [bytes, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
    return { side: ico.readUInt8(at) || 256, png: ico.subarray(offset, offset + bytes) };
  });
}

describe('the rendered icons', () => {
  it.each(trayNames)('hold %s in every size of a taskbar', (name) => {
    for (const side of SIDES) expect(sizeOf(readFileSync(join(folder, `${name}-${side}.png`)))).toEqual([side, side]);
    const images = imagesOf(readFileSync(join(folder, `${name}.ico`)));
    expect(images.map(({ side }) => side)).toEqual(SIDES);
    for (const { side, png } of images) expect(sizeOf(png)).toEqual([side, side]);
  });

  it("hold the program's up to what an installer asks for", () => {
    expect(imagesOf(readFileSync(join(folder, 'app.ico'))).map(({ side }) => side)).toEqual([...SIDES, 256]);
    expect(sizeOf(readFileSync(join(folder, 'app-512.png')))).toEqual([512, 512]);
  });

  it('are all different pictures', () => {
    const small = readdirSync(folder).filter((name) => name.endsWith('-16.png'));
    const pictures = new Set(small.map((name) => readFileSync(join(folder, name), 'base64')));
    expect(pictures.size).toBe(small.length);
    expect(small).toHaveLength(trayNames.length + 2);
  });
});
