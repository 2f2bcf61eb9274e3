import type { Texts } from '../texts.ts';
import type { metatrader as english } from '../en/metatrader.ts';

export const metatrader: Texts<typeof english> = {};
