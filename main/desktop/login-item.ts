import type { App } from 'electron';

/** The word that starts the program in the tray, without its window. */
export const HIDDEN_WORD = '--hidden';

export interface LoginItemPorts {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  /** The program's file, and the words that it was started with. */
  readonly path: string;
  readonly words: readonly string[];
}

/** Whether the program starts when the operator logs in: in the tray, with the words of this start. */
export class LoginItem {
  readonly #ports: LoginItemPorts;

  constructor(ports: LoginItemPorts) {
    this.#ports = ports;
  }

  /** Null where the system has no such switch. */
  isOn(): boolean | null {
    if (this.#ports.platform !== 'win32') return null;
    return this.#ports.app.getLoginItemSettings(this.#launch()).openAtLogin;
  }

  toggle(): void {
    const isOn = this.isOn();
    if (isOn !== null) this.#ports.app.setLoginItemSettings({ openAtLogin: !isOn, ...this.#launch() });
  }

  #launch(): { path: string; args: string[] } {
    const { path, words } = this.#ports;
    const quoted = words.map((word) => (/[\s"]/.test(word) ? `"${word}"` : word));
    return { path, args: [...quoted.filter((word) => word !== HIDDEN_WORD), HIDDEN_WORD] };
  }
}
