/** Numbers from 0 up to 1 that depend on the seed alone (Mulberry32, public domain). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mix(state) / 2 ** 32;
  };
}

/** A number from 0 up to 1 for a place on a lattice: the same for the same seed and index, and unrelated to its neighbours. */
export function latticeRandom(seed: number, index: number): number {
  return mix((seed ^ Math.imul(index, 0x9e3779b1)) >>> 0) / 2 ** 32;
}

/** A seed of its own for each name under a common seed (FNV-1a). */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return mix(hash);
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
