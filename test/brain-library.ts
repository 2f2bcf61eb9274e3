import { createRequire } from 'node:module';
import type * as Brain from '../main/brain/index.ts';

/** The brain library as it ships: one CommonJS bundle. */
export const brain = createRequire(import.meta.url)('../dist/brain.cjs') as typeof Brain;
