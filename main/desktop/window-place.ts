import * as z from 'zod';

/** Where a window stands, in pixels of the screen. */
export const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().check(z.gte(1)),
  height: z.int().check(z.gte(1)),
  maximized: z.boolean(),
});
export type Place = Readonly<z.output<typeof placeSchema>>;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const LEAST_SIZE = { width: 640, height: 480 } as const;
export const USUAL_SIZE = { width: 1_180, height: 820 } as const;

/** So much of the title bar has to be on a display for a hand to take hold of the window, in pixels. */
const HANDLE = { width: 120, height: 32 } as const;

/** The remembered place, at least as large as a window has to be; null where no display shows enough of it any more. */
export function visiblePlace(place: Place | null, workAreas: readonly Area[]): Place | null {
  if (place === null) return null;
  const width = Math.max(place.width, LEAST_SIZE.width);
  const height = Math.max(place.height, LEAST_SIZE.height);
  const titleBar = { x: place.x, y: place.y, width, height: HANDLE.height };
  if (!workAreas.some((area) => canBeTaken(titleBar, area))) return null;
  return { ...place, width, height };
}

function canBeTaken(titleBar: Area, area: Area): boolean {
  return (
    overlap(titleBar.x, titleBar.width, area.x, area.width) >= HANDLE.width &&
    overlap(titleBar.y, titleBar.height, area.y, area.height) >= HANDLE.height
  );
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}
