import { existsSync } from 'node:fs';

export class Image implements Pick<Electron.NativeImage, 'isEmpty'> {
  readonly source: string;
  readonly #isEmpty: boolean;

  constructor(source: string, isEmpty: boolean) {
    this.source = source;
    this.#isEmpty = isEmpty;
  }

  isEmpty(): boolean {
    return this.#isEmpty;
  }
}

export const nativeImage = {
  createFromPath: (path: string) => new Image(path, !existsSync(path)),
  createFromBitmap: (pixels: Buffer, { width, height }: { width: number; height: number }) => {
    if (pixels.length !== width * height * 4) throw new Error('a bitmap has four bytes a pixel');
    return new Image('bitmap', false);
  },
};
