import type { Texts } from '../texts.ts';
import type { brains as english } from '../en/brains.ts';

export const brains: Texts<typeof english> = {};
