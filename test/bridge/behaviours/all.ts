import type { Behaviour } from '../behaviour.ts';
import { ASKING } from './asking.ts';
import { CLOSING } from './closing.ts';
import { EXACT_TICKETS } from './exact-tickets.ts';
import { FENCING } from './fencing.ts';
import { FILLING } from './filling.ts';
import { KILLING } from './killing.ts';
import { LOSING } from './losing.ts';
import { NETTING } from './netting.ts';
import { OBSTACLES } from './obstacles.ts';
import { OPENING } from './opening.ts';
import { PENDING } from './pending.ts';
import { PROTECTING } from './protecting.ts';
import { REQUOTES } from './requotes.ts';
import { RETCODES } from './retcodes.ts';
import { STREAMING } from './streaming.ts';

/** Every behaviour, by subject. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...ASKING,
  ...OPENING,
  ...PENDING,
  ...CLOSING,
  ...PROTECTING,
  ...NETTING,
  ...FILLING,
  ...REQUOTES,
  ...RETCODES,
  ...LOSING,
  ...OBSTACLES,
  ...KILLING,
  ...FENCING,
  ...STREAMING,
  ...EXACT_TICKETS,
];
