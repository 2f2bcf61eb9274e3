import { fsyncPart } from './disk/fsync-part.ts';
import { fullPart } from './disk/full-part.ts';
import { killPart } from './kill/kill-part.ts';
import type { Part, PartName } from './part.ts';
import { powerPart } from './power/power-part.ts';

/** What each part runs. */
export const PARTS: Readonly<Record<PartName, Part>> = {
  kill: killPart,
  fsync: fsyncPart,
  full: fullPart,
  power: powerPart,
};
