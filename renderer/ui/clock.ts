import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let nowMs = performance.now();

function follow(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = performance.now();
  timer ??= setInterval(() => {
    nowMs = performance.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** This page's monotonic clock, once a second: one timer for everything that shows an age. */
export function useNowMs(): number {
  return useSyncExternalStore(follow, () => nowMs);
}

/** The age of something that was `msAgo` old when it was received at `receivedMs`; null stays null. Ticks each second. */
export function useAgeMs(msAgo: number | null | undefined, receivedMs: number): number | null {
  const now = useNowMs();
  return msAgo == null ? null : msAgo + Math.max(0, now - receivedMs);
}
