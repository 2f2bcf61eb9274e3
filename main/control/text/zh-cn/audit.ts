import type { Texts } from '../texts.ts';
import type { audit as english } from '../en/audit.ts';

export const audit: Texts<typeof english> = {};
