import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ControlService } from '../contract.ts';
import type { ToScreen } from '../frames.ts';
import { NO_CALL, Screen } from '../screen.ts';

/** So many screens may be open at once. */
export const MOST_SCREENS = 8;
/** The longest message of a screen. */
export const LONGEST_MESSAGE_BYTES = 64 * 1024;
/** A screen that has left more than this unread is cut off: what it shows is old. */
export const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** So long a screen may take to agree to the end of its connection. */
const CLOSE_LIMIT_MS = 500;
/** An open screen is a use of its session. */
const RENEW_EVERY_MS = 300_000;

/** Close codes of RFC 6455. */
const CLOSE = { goingAway: 1001, unsupported: 1003, malformed: 1007 } as const;

export interface PanelScreensOptions {
  readonly service: ControlService;
  /** Who acts through these screens, for the audit log. */
  readonly by: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each use of a session. */
  renew(session: string): void;
}

interface OpenScreen {
  readonly socket: WebSocket;
  readonly session: string;
}

/** The panel's open screens, each a WebSocket. */
export class PanelScreens {
  readonly #options: PanelScreensOptions;
  readonly #open = new Set<OpenScreen>();
  readonly #server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false },
    maxPayload: LONGEST_MESSAGE_BYTES,
  });
  #cancelRenewal: () => void = () => {};
  #isStopped = false;

  constructor(options: PanelScreensOptions) {
    this.#options = options;
    this.#renewAll();
  }

  get isFull(): boolean {
    return this.#isStopped || this.#open.size >= MOST_SCREENS;
  }

  /** Makes the request a screen of `session`; whether it may be one was asked before. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer, session: string): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => this.#opened(socket, session));
  }

  /** Ends every screen, within half a second. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRenewal();
    await Promise.all([...this.#open].map(({ socket }) => this.#close(socket, CLOSE.goingAway, 'the gateway ends')));
  }

  #opened(socket: WebSocket, session: string): void {
    const { service, by, clock, log } = this.#options;
    const opened: OpenScreen = { socket, session };
    this.#open.add(opened);
    log.info('panel screen opened', { session: shortName(session), screens: this.#open.size });
    socket.on('error', (error) => log.warn('panel screen broke the rules', { message: error.message }));
    const screen = new Screen({ service, by, clock, log, send: (frame) => this.#send(socket, frame) });
    socket.on('message', (data, isBinary) => this.#take(opened, screen, data, isBinary));
    socket.on('close', (code) => {
      screen.stop();
      this.#open.delete(opened);
      log.info('panel screen closed', { session: shortName(session), screens: this.#open.size, code });
    });
  }

  #take({ socket, session }: OpenScreen, screen: Screen, data: RawData, isBinary: boolean): void {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) {
      void this.#close(socket, CLOSE.unsupported, 'frames are text');
      return;
    }
    const frame = jsonOf(data);
    if (frame === undefined) {
      this.#send(socket, { kind: 'refusal', id: NO_CALL, error: 'a frame is JSON; this is not' });
      void this.#close(socket, CLOSE.malformed, 'frames are JSON');
      return;
    }
    this.#options.renew(session);
    screen.receive(frame);
  }

  #send(socket: WebSocket, frame: ToScreen): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_UNREAD_BYTES) {
      this.#options.log.warn('panel screen does not read and is cut off', { unread_bytes: socket.bufferedAmount });
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(frame));
  }

  #close(socket: WebSocket, code: number, reason: string): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(CLOSE_LIMIT_MS, () => socket.terminate());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      socket.close(code, reason);
    });
  }

  #renewAll(): void {
    for (const { session } of this.#open) this.#options.renew(session);
    this.#cancelRenewal = this.#options.clock.after(RENEW_EVERY_MS, () => this.#renewAll());
  }
}

/** Enough of a session's id to tell it in a log from another, and too little to use it. */
export function shortName(session: string): string {
  return session.slice(0, 6);
}

function jsonOf(data: RawData): unknown {
  try {
    // With noServer and no `binaryType` a message is one Buffer.
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return undefined;
  }
}
