import type { Socket } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import { bind, errorCode } from './bind.ts';

const RETRY_AFTER_MS = 100;

/**
 * Closes an endpoint of a socket and opens it again: every connection ends, also of whoever has lost its right to it,
 * and those that may come back do. False where the socket was closed meanwhile.
 */
export async function rebind(
  socket: Socket,
  endpoint: string,
  clock: Clock,
  isStopped: () => boolean,
): Promise<boolean> {
  try {
    await socket.unbind(endpoint);
  } catch (error) {
    if (socket.closed) return false;
    // Not bound: an earlier try was cut off in between.
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  while (!isStopped() && !socket.closed) {
    if ((await bind(socket, endpoint)).ok) return true;
    await delay(clock, RETRY_AFTER_MS);
  }
  return false;
}
