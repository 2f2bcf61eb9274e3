import { EventEmitter } from 'node:events';

export class Notification extends EventEmitter implements Pick<Electron.Notification, 'show'> {
  static readonly shown: Notification[] = [];
  readonly options: Electron.NotificationConstructorOptions;

  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    Notification.shown.push(this);
  }
}

class NativeTheme extends EventEmitter {
  themeSource: Electron.NativeTheme['themeSource'] = 'system';
  shouldUseDarkColors = false;
  shouldUseDarkColorsForSystemIntegratedUI = true;
}

export const nativeTheme = new NativeTheme();
export const powerMonitor = new EventEmitter();

export const screen = {
  workAreas: [] as Electron.Rectangle[],
  getAllDisplays() {
    return this.workAreas.map((workArea) => ({ workArea }));
  },
};

export const dialog = {
  errors: [] as { readonly title: string; readonly content: string }[],
  questions: [] as Electron.MessageBoxOptions[],
  /** The button that the next question is answered with. */
  answer: 0,
  /** Where the operator saves to; null where they change their mind. */
  saveAt: null as string | null,
  offered: [] as Electron.SaveDialogOptions[],
  showSaveDialog(options: Electron.SaveDialogOptions): Promise<Electron.SaveDialogReturnValue> {
    this.offered.push(options);
    return Promise.resolve({ canceled: this.saveAt === null, filePath: this.saveAt ?? '' });
  },
  showErrorBox(title: string, content: string): void {
    this.errors.push({ title, content });
  },
  showMessageBox(options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    this.questions.push(options);
    return Promise.resolve({ response: this.answer, checkboxChecked: false });
  },
};

export const shell = {
  opened: [] as string[],
  shown: [] as string[],
  openExternal(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void {
    this.shown.push(path);
  },
};
