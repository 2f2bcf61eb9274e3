// Renders the icons of the program from resources/icons to dist/icons: PNG files, and .ico files that hold several sizes.
//   node resources/build/icons.mjs [TARGET-FOLDER]
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Sides in pixels: those of taskbars at every usual scale, and what an installer and a desktop ask for besides. */
const SMALL = [16, 20, 24, 32, 40, 48];
const LARGE = [256, 512];
/** The largest side that an .ico file can hold. */
const LARGEST_IN_ICO = 256;
/** An SVG's unit is a pixel at this density. */
const UNIT_DENSITY = 72;
const GRID = 16;

/** Colours of the tray's shapes; each has its own shape besides, so that none of them has to be told by colour. */
const TRAY_COLOURS = {
  'tray-shield': { light: '#3c444d', dark: '#e6e9ec' },
  'tray-hourglass': { light: '#855500', dark: '#f0b13c' },
  'tray-pause': { light: '#855500', dark: '#f0b13c' },
  'tray-broken-link': { light: '#7a2e8e', dark: '#d69be6' },
  'tray-octagon': { light: '#b3001b', dark: '#ff7a7a' },
};

/** Renders everything into `target`, and returns the names of the files. */
export async function renderIcons(target) {
  mkdirSync(target, { recursive: true });
  const drawings = readdirSync(join(root, 'resources/icons')).filter((name) => name.endsWith('.svg'));
  const written = [];
  for (const drawing of drawings) {
    const svg = readFileSync(join(root, 'resources/icons', drawing), 'utf8');
    for (const { name, source, sides } of variants(basename(drawing, '.svg'), svg)) {
      written.push(...(await renderOne(target, name, source, sides)));
    }
  }
  return written;
}

/** A tray's shape is drawn in currentColor, once for each kind of taskbar. */
function variants(name, svg) {
  const colours = TRAY_COLOURS[name];
  if (colours === undefined) return [{ name, source: svg, sides: name === 'app' ? [...SMALL, ...LARGE] : SMALL }];
  return Object.entries(colours).map(([taskbar, colour]) => ({
    name: `${name}-${taskbar}`,
    source: svg.replaceAll('currentColor', colour),
    sides: SMALL,
  }));
}

async function renderOne(target, name, svg, sides) {
  const images = await Promise.all(sides.map(async (side) => ({ side, png: await rendered(svg, side) })));
  const files = images.map(({ side, png }) => [`${name}-${side}.png`, png]);
  files.push([`${name}.ico`, icoOf(images.filter(({ side }) => side <= LARGEST_IN_ICO))]);
  for (const [file, content] of files) writeFileSync(join(target, file), content);
  return files.map(([file]) => file);
}

/** Drawn at its size, not scaled to it: edges on the grid stay sharp. */
function rendered(svg, side) {
  const density = (UNIT_DENSITY * side) / GRID;
  return sharp(Buffer.from(svg), { density }).resize(side, side).png({ compressionLevel: 9 }).toBuffer();
}

/** The .ico container: a header of 6 bytes, an entry of 16 for each image, then the images, as PNG. */
export function icoOf(images) {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(images.length, 4);
  let offset = header.length + images.length * 16;
  const entries = images.map(({ side, png }) => {
    const entry = Buffer.alloc(16);
    // A byte holds no 256: 0 stands for it.
    entry.writeUInt8(side % 256, 0);
    entry.writeUInt8(side % 256, 1);
    entry.writeUInt16LE(1, 4); // colour planes
    entry.writeUInt16LE(32, 6); // bits a pixel
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...images.map(({ png }) => png)]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await renderIcons(resolve(process.argv[2] ?? join(root, 'dist/icons')));
}
