import type { Case } from './case.ts';
import { BYTE_CASES } from './cases/bytes.ts';
import { CONNECTION_CASES } from './cases/connections.ts';
import { ENDLESS_CASES } from './cases/endless.ts';
import { FRAME_CASES } from './cases/frames.ts';
import { IDENTITY_CASES } from './cases/identity.ts';
import { JSON_CASES } from './cases/json.ts';

/** All bad inputs. */
export const CASES: readonly Case[] = [
  ...BYTE_CASES,
  ...FRAME_CASES,
  ...CONNECTION_CASES,
  ...IDENTITY_CASES,
  ...JSON_CASES,
  ...ENDLESS_CASES,
];
