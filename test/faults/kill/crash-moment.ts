import type { Chance } from '../chance.ts';

/** When a gateway is killed. */
export type CrashMoment =
  /** So many milliseconds after the load began. */
  | { readonly kind: 'after'; readonly delayMs: number }
  /** In the turn in which the client reads this many replies. */
  | { readonly kind: 'at-reply'; readonly replies: number }
  /** After a KILL_SWITCH was sent, so many milliseconds after its reply. */
  | { readonly kind: 'after-kill'; readonly delayMs: number };

/** Draws a moment: most at random, many at an acknowledgement, some in a flatten. */
export function drawMoment(chance: Chance): CrashMoment {
  if (chance.is(0.06)) return { kind: 'after-kill', delayMs: chance.between(0, 30) };
  if (chance.is(0.2)) return { kind: 'at-reply', replies: 1 };
  if (chance.is(0.25)) return { kind: 'at-reply', replies: chance.whole(2, 30) };
  return { kind: 'after', delayMs: chance.is(0.2) ? chance.between(0, 15) : chance.between(15, 300) };
}
