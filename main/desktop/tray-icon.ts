import { Menu, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import { assertNever } from '../assert-never.ts';
import type { TrayAction, TrayLine, TrayView } from './tray-view.ts';

export interface TrayIconPorts {
  /** The view as it is now. */
  readonly view: () => TrayView;
  readonly image: (view: TrayView) => NativeImage;
  /** Carries out what was chosen, at once. */
  readonly perform: (action: TrayAction) => void;
  readonly platform: NodeJS.Platform;
}

/** The icon in the tray: applies a view, and nothing else. */
export class TrayIcon {
  readonly #ports: TrayIconPorts;
  #tray: Tray | null = null;
  #shown = '';
  #shownMenu = '';

  constructor(ports: TrayIconPorts) {
    this.#ports = ports;
  }

  /** Brings the icon in line with the view; may be called as often as one likes. The first call makes the icon. */
  render(): void {
    const view = this.#ports.view();
    const image = this.#ports.image(view);
    const tray = (this.#tray ??= this.#create(image));
    const shown = JSON.stringify([view.shape, view.tooltip]);
    if (shown !== this.#shown) {
      tray.setImage(image);
      tray.setToolTip(view.tooltip);
      this.#shown = shown;
    }
    if (!this.#canPopUp()) this.#setMenu(tray, view);
  }

  /** Shows the picture anew although its shape is the same: the taskbar has changed between light and dark. */
  redraw(): void {
    this.#shown = '';
    this.render();
  }

  /** Takes the icon away. May be called twice. */
  destroy(): void {
    this.#tray?.destroy();
    this.#tray = null;
    this.#shown = '';
    this.#shownMenu = '';
  }

  #create(image: NativeImage): Tray {
    const tray = new Tray(image);
    tray.on('click', () => this.#ports.perform('open'));
    if (this.#canPopUp()) {
      tray.on('right-click', () => tray.popUpContextMenu(this.#menuOf(this.#ports.view().menu)));
    }
    return tray;
  }

  /** On Linux the menu has to be there beforehand, and setting it anew closes an open one: not for a mere figure. */
  #setMenu(tray: Tray, view: TrayView): void {
    const lines = view.menu.filter((line) => line.kind !== 'text' || !line.isFigure);
    const shownMenu = JSON.stringify(lines);
    if (shownMenu === this.#shownMenu) return;
    tray.setContextMenu(this.#menuOf(lines));
    this.#shownMenu = shownMenu;
  }

  /** Made when it is opened, the menu is never one of a moment ago. */
  #canPopUp(): boolean {
    return this.#ports.platform === 'win32' || this.#ports.platform === 'darwin';
  }

  #menuOf(lines: readonly TrayLine[]): Electron.Menu {
    return Menu.buildFromTemplate(lines.map((line) => this.#itemOf(line)));
  }

  #itemOf(line: TrayLine): MenuItemConstructorOptions {
    switch (line.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { label: literal(line.label), enabled: false };
      case 'action':
        return { label: literal(line.label), click: () => this.#ports.perform(line.action) };
      case 'switch':
        return {
          ...{ type: 'checkbox', checked: line.isOn, label: literal(line.label) },
          click: () => this.#ports.perform(line.action),
        };
      default:
        return assertNever(line, 'line of the menu');
    }
  }
}

/** An ampersand would underline the next letter. */
function literal(label: string): string {
  return label.replaceAll('&', '&&');
}
