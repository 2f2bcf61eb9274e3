import { createInstance, type i18n } from 'i18next';
import { en } from './en/index.ts';
import { zhCn } from './zh-cn/index.ts';

/** Languages of window, tray and dialogs. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

export const CATALOGUES = { en, 'zh-CN': zhCn } as const satisfies Record<Language, unknown>;

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** The catalogue as i18next, ready at once. Values are put in as they are: React escapes, and so do native menus. */
export function openTexts(language: Language): i18n {
  const texts = createInstance();
  void texts.init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
  });
  return texts;
}

/** The language of these preferences, the most wanted first: any Chinese is zh-CN, everything else English. */
export function languageOf(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase()).find((tag) => /^(?:en|zh)\b/.test(tag));
  return known?.startsWith('zh') === true ? 'zh-CN' : 'en';
}
