import type { i18n, TFunction } from 'i18next';
import type { Settings } from '../config/settings.ts';
import { languageOf, openTexts, type Language } from '../control/text/index.ts';

type Wanted = Pick<Settings, 'language' | 'theme'>;

export interface AppearancePorts {
  /** What the settings say now; null where they cannot be read, and the last ones stay. */
  readonly read: () => Wanted | null;
  /** The system's languages, the most wanted first. */
  readonly systemLanguages: () => readonly string[];
  readonly applyTheme: (theme: Wanted['theme']) => void;
}

/** Language and theme of tray, dialogs and window frame; both change without a restart. */
export class Appearance {
  readonly #ports: AppearancePorts;
  #language: Language;
  #texts: i18n;

  constructor(ports: AppearancePorts) {
    this.#ports = ports;
    this.#language = 'en';
    this.#texts = openTexts(this.#language);
    this.refresh();
  }

  get language(): Language {
    return this.#language;
  }

  get t(): TFunction {
    return this.#texts.t;
  }

  /** Reads the settings anew. */
  refresh(): void {
    const wanted = this.#ports.read();
    if (wanted === null) return;
    this.#ports.applyTheme(wanted.theme);
    const preferences = wanted.language === 'system' ? this.#ports.systemLanguages() : [wanted.language];
    const language = languageOf(preferences);
    if (language === this.#language) return;
    this.#language = language;
    this.#texts = openTexts(language);
  }
}
