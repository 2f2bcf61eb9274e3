import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { Connection, type LineReceiver, type Transport } from './connection.ts';
import type { FaultCount } from './fault-count.ts';
import { readHello, type Hello, type RefusalCode } from './hello.ts';
import { buildLine } from './line-codec.ts';

/** How long a program may take to say hello, in milliseconds. */
const HELLO_WITHIN_MS = 3_000;
/** Connections that have not said hello; one more is closed at once. */
const MAX_UNFINISHED = 8;

/** Why a connection was not let in; CROWDED for one too many. */
export type DoorFault = RefusalCode | 'CROWDED';

export interface ReceptionPorts {
  readonly clock: Clock;
  readonly refused: FaultCount<DoorFault>;
  /** Takes over the connection of a program that belongs here, or says why it is not served. */
  readonly admit: (hello: Hello, connection: Connection) => string | null;
}

/** Where connections are until they have said who they are. */
export class Reception {
  readonly #token: string;
  readonly #ports: ReceptionPorts;
  readonly #unfinished = new Set<Socket>();
  #isStopped = false;

  constructor(token: string, ports: ReceptionPorts) {
    this.#token = token;
    this.#ports = ports;
  }

  receive(socket: Socket, transport: Transport): void {
    if (this.#isStopped) {
      turnAway(socket);
      return;
    }
    if (this.#unfinished.size >= MAX_UNFINISHED) {
      turnAway(socket);
      this.#ports.refused.add('CROWDED', `more than ${MAX_UNFINISHED} connections without a hello`);
      return;
    }
    this.#unfinished.add(socket);
    const guest = new Guest(socket, transport, this.#token, {
      ...this.#ports,
      admit: (hello, connection) => {
        const busy = this.#ports.admit(hello, connection);
        if (busy === null) this.#unfinished.delete(socket);
        return busy;
      },
    });
    socket.once('close', () => {
      this.#unfinished.delete(socket);
      guest.left();
    });
  }

  /** Closes what has not said hello, and lets nobody in any more. */
  stop(): void {
    this.#isStopped = true;
    for (const socket of this.#unfinished) socket.destroy();
  }
}

/** One connection before its hello. */
class Guest implements LineReceiver {
  readonly #token: string;
  readonly #ports: ReceptionPorts;
  readonly #connection: Connection;
  readonly #cancelTimer: () => void;

  constructor(socket: Socket, transport: Transport, token: string, ports: ReceptionPorts) {
    this.#token = token;
    this.#ports = ports;
    this.#connection = new Connection(socket, transport, this, ports.clock);
    this.#cancelTimer = ports.clock.after(HELLO_WITHIN_MS, () => {
      this.#refuse('MALFORMED', `no hello within ${HELLO_WITHIN_MS / 1_000} s`);
    });
  }

  line(bytes: Buffer, start: number, end: number): void {
    this.#cancelTimer();
    const reading = readHello(bytes.toString('utf8', start, end), this.#token);
    if (!reading.ok) {
      this.#refuse(reading.code, reading.message);
      return;
    }
    const busy = this.#ports.admit(reading.hello, this.#connection);
    if (busy !== null) this.#refuse('BUSY', busy);
  }

  tooLong(): void {
    this.#refuse('MALFORMED', 'the first line is too long');
  }

  left(): void {
    this.#cancelTimer();
  }

  heard(): void {}
  readEnd(): void {}
  closed(): void {}

  #refuse(code: RefusalCode, message: string): void {
    this.#cancelTimer();
    this.#ports.refused.add(code, message);
    this.#connection.urge(buildLine(['refused', code, message]));
    this.#connection.close(message);
  }
}

function turnAway(socket: Socket): void {
  socket.on('error', () => {});
  socket.destroy();
}
