import { EventEmitter } from 'node:events';
import type { Image } from './image.ts';

type Template = Electron.MenuItemConstructorOptions;

export class Menu {
  static application: Menu | null = null;
  readonly items: readonly Template[];

  constructor(items: readonly Template[]) {
    this.items = items;
  }

  static buildFromTemplate(items: readonly Template[]): Menu {
    return new Menu(items);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.application = menu;
  }

  get labels(): string[] {
    return this.items.map(({ label, type }) => label ?? `(${type ?? 'none'})`);
  }

  /** A hand chooses the line with this label. */
  click(label: string): void {
    const item = this.items.find((candidate) => candidate.label === label);
    if (item?.click === undefined) throw new Error(`no line ${label} to click in ${this.labels.join(' | ')}`);
    (item.click as () => void)();
  }
}

export class Tray extends EventEmitter implements Pick<Electron.Tray, 'setToolTip' | 'destroy' | 'isDestroyed'> {
  static readonly made: Tray[] = [];
  image: Image;
  tooltip = '';
  menu: Menu | null = null;
  popped: Menu | null = null;
  /** How often each part was set. */
  readonly changes = { image: 0, menu: 0 };
  #isDestroyed = false;

  constructor(image: Image) {
    super();
    this.image = image;
    Tray.made.push(this);
  }

  setImage(image: Image): void {
    this.image = image;
    this.changes.image += 1;
  }

  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
    this.changes.menu += 1;
  }

  popUpContextMenu(menu?: Menu): void {
    this.popped = menu ?? this.menu;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}
