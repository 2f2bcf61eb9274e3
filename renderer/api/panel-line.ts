import type { Line } from './screen-api.ts';

const RETRY_MS = [250, 500, 1_000, 2_000] as const;

/** The panel's WebSocket; opened anew, a little later each time, whenever it is lost. */
export function openPanelLine({ host, protocol }: Location): Line {
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/control`;
  let socket: WebSocket | null = null;
  let attempts = 0;
  let hearFrame: (frame: unknown) => void = () => {};
  let hearOpen: (isOpen: boolean) => void = () => {};

  const open = () => {
    const opening = new WebSocket(address);
    opening.addEventListener('open', () => {
      attempts = 0;
      socket = opening;
      hearOpen(true);
    });
    opening.addEventListener('message', ({ data }) => hearFrame(jsonOf(data)));
    opening.addEventListener('close', () => {
      if (socket === opening) socket = null;
      hearOpen(false);
      const delayMs = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)];
      attempts += 1;
      setTimeout(open, delayMs);
    });
  };
  open();

  return {
    send: (frame) => socket?.send(JSON.stringify(frame)),
    onFrame: (listener) => {
      hearFrame = listener;
    },
    onOpen: (listener) => {
      hearOpen = listener;
      if (socket !== null) listener(true);
    },
  };
}

function jsonOf(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}
