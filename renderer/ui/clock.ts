import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let nowMs = performance.now();
let wallMs = Date.now();

function follow(listener: () => void): () => void {
  listeners.add(listener);
  look();
  timer ??= setInterval(() => {
    look();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function look(): void {
  nowMs = performance.now();
  wallMs = Date.now();
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

/** This machine's wall clock in Unix milliseconds, once a second. */
export function useWallMs(): number {
  return useSyncExternalStore(follow, () => wallMs);
}

/** How long ago something was at this wall time, in milliseconds; never below 0. Ticks each second. */
export function useSinceMs(atMs: number): number {
  return Math.max(0, useWallMs() - atMs);
}
