import type { Texts } from '../texts.ts';
import type { kill as english } from '../en/kill.ts';

export const kill: Texts<typeof english> = {};
