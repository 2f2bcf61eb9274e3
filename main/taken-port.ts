import { createServer } from 'node:net';
import type { Settings } from './config/settings.ts';

/** Which port another program holds, in one line for a person; null when all are free. Asked before anything is written. */
export async function takenPort(settings: Settings): Promise<string | null> {
  const wanted = [
    ['command', settings.commandPort],
    ['data', settings.dataPort],
    ['event', settings.eventPort],
  ] as const;
  for (const [channel, port] of wanted) {
    if (port !== 0 && !(await isFree(settings.host, port))) {
      return `port ${port} on ${settings.host} is in use by another program; choose another with --${channel}-port N`;
    }
  }
  return null;
}

// Only "in use" counts here: what else is wrong with an address is said by the real bind.
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'EADDRINUSE');
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
