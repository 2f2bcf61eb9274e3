import type { Texts } from '../texts.ts';
import type { settings as english } from '../en/settings.ts';

export const settings: Texts<typeof english> = {};
