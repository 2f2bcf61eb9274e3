import type { Socket } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import { bind } from './bind.ts';

/** A socket that was closed frees its port in a moment of its own. */
const RETRY_AFTER_MS = 5;

/**
 * Opens a port again whose socket was closed, until that can be done; null where that is no longer wanted. Every connection
 * has ended then, also of whoever has lost its right to it; those that may come back do. A new socket, so that nothing
 * of what the old one kept for its peers stays.
 */
export async function reopen<S extends Socket>(
  open: (endpoint: string) => S,
  endpoint: string,
  clock: Clock,
  isStopped: () => boolean,
): Promise<S | null> {
  while (!isStopped()) {
    const socket = open(endpoint);
    if ((await bind(socket, endpoint)).ok && !isStopped()) return socket;
    socket.close();
    await delay(clock, RETRY_AFTER_MS);
  }
  return null;
}
