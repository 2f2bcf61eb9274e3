import { join } from 'node:path';
import { nativeImage, type NativeImage } from 'electron';
import type { TrayShape } from './tray-view.ts';

/** Side of the tray's picture where the system takes no .ico, in pixels. */
const TRAY_SIDE = 32;
const EMERGENCY_SIDE = 16;
/** A pixel of the red of a halt, as blue, green, red and alpha. */
const HALTED_RED = [0x1b, 0x00, 0xb3, 0xff];

/** The pictures of the program, from the folder that the build has rendered them into. */
export class Icons {
  readonly #folder: string;
  readonly #suffix: string;

  constructor(folder: string, platform: NodeJS.Platform) {
    this.#folder = folder;
    this.#suffix = platform === 'win32' ? '.ico' : `-${TRAY_SIDE}.png`;
  }

  tray(shape: TrayShape, isTaskbarDark: boolean): NativeImage {
    const taskbar = isTaskbarDark ? 'dark' : 'light';
    return this.#read(`tray-${shape}-${taskbar}`) ?? this.#read(`tray-octagon-${taskbar}`) ?? redSquare();
  }

  overlay(): NativeImage {
    return this.#read('overlay-octagon') ?? redSquare();
  }

  /** The window's; null leaves it to the system. */
  app(): NativeImage | null {
    return this.#read('app');
  }

  #read(name: string): NativeImage | null {
    const image = nativeImage.createFromPath(join(this.#folder, `${name}${this.#suffix}`));
    return image.isEmpty() ? null : image;
  }
}

/** A missing picture must be loud, not blank: an empty tray icon is no icon at all, and no kill switch either. */
function redSquare(): NativeImage {
  const pixels = Buffer.alloc(EMERGENCY_SIDE * EMERGENCY_SIDE * HALTED_RED.length, Uint8Array.from(HALTED_RED));
  return nativeImage.createFromBitmap(pixels, { width: EMERGENCY_SIDE, height: EMERGENCY_SIDE });
}
