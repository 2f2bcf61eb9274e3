import type { Texts } from '../texts.ts';
import type { desktop as english } from '../en/desktop.ts';

export const desktop: Texts<typeof english> = {};
