import { connect, type Socket } from 'node:net';
import {
  FrameReader,
  greeting,
  pongCommand,
  readyCommand,
  requestMessage,
  subscription,
  type FrameListener,
  type PeerType,
} from './zmtp.ts';

/** Called for every last frame of a message; the bytes are only valid during the call. */
export type OnMessage = (bytes: Buffer, start: number, end: number) => void;

const CONNECT_TIMEOUT_MS = 5_000;
const READ_BUFFER_BYTES = 256 * 1024;

/** A ZeroMQ client on a plain socket; connected, and through the handshake, once `open` resolves. */
export class RawConnection {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects to a port of this machine. Rejects when there is no handshake within 5 s. */
  static open(port: number, type: PeerType, onMessage: OnMessage): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`no ZeroMQ handshake on port ${port}`));
      }, CONNECT_TIMEOUT_MS);
      const listener: FrameListener = {
        frame: (bytes, start, end, more) => {
          if (!more) onMessage(bytes, start, end);
        },
        command: (body) => {
          if (body.toString('latin1', 1, 6) === 'READY') {
            clearTimeout(timer);
            resolve(new RawConnection(socket));
          } else if (body.toString('latin1', 1, 5) === 'PING') socket.write(pongCommand(body));
        },
      };
      const reader = new FrameReader(listener);
      const socket = connect({
        host: '127.0.0.1',
        port,
        noDelay: true,
        onread: {
          buffer: Buffer.alloc(READ_BUFFER_BYTES),
          callback: (length, buffer) => {
            reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
            return true;
          },
        },
      });
      socket.on('error', reject);
      socket.write(Buffer.concat([greeting(), readyCommand(type)]));
    });
  }

  /** Sends a request with its delimiter. */
  request(body: Buffer): void {
    this.#socket.write(requestMessage(body));
  }

  /** Sends bytes that are framed already. Resolves once the system has taken them. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Subscribes to a prefix. */
  subscribe(prefix: string): void {
    this.#socket.write(subscription(prefix));
  }

  /** Leaves what comes unread, so that it piles up at the sender. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }
}
