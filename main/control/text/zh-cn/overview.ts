import type { Texts } from '../texts.ts';
import type { overview as english } from '../en/overview.ts';

export const overview: Texts<typeof english> = {};
