import { createServer } from 'node:net';
import type { Settings } from './config/settings.ts';

/** Which port another program holds, in one line for a person; null when all are free. Asked before anything is written. */
export async function takenPort(settings: Settings): Promise<string | null> {
  const { host, panelPort } = settings;
  const wanted = [
    ['command', host, settings.commandPort],
    ['data', host, settings.dataPort],
    ['event', host, settings.eventPort],
    ['panel', '127.0.0.1', panelPort === 'none' ? 0 : panelPort],
  ] as const;
  for (const [channel, address, port] of wanted) {
    if (port !== 0 && !(await isFree(address, port))) {
      return `port ${port} on ${address} is in use by another program; choose another with --${channel}-port N`;
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
