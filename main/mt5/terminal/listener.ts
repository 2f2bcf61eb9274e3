import { chmodSync, closeSync, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../../log.ts';
import type { Transport } from './connection.ts';
import { TerminalSetupError } from '../terminal-setup-error.ts';

const LOOPBACK = '127.0.0.1';
/** A guard that is older belongs to a start that died, in milliseconds. */
const OLDEST_GUARD_MS = 10_000;

export interface ListenerOptions {
  readonly pipePath: string;
  /** Null listens on no port, 0 on a free one. */
  readonly tcpPort: number | null;
}

/** The two places where a program finds the gateway. */
export interface Listener {
  /** Null where it could not be had. */
  readonly pipePath: string | null;
  readonly tcpPort: number | null;
  /** Accepts no more, and frees both places once every connection is closed. */
  stop(): Promise<void>;
}

interface Place {
  readonly server: Server | null;
  readonly fault: string | null;
}

/**
 * Listens on the pipe and on TCP. A fault of one is a warning; where neither can be had it rejects with
 * TerminalSetupError. A socket that a dead gateway left is replaced, that of a live one never.
 */
export async function openListener(
  { pipePath, tcpPort }: ListenerOptions,
  log: Log,
  take: (socket: Socket, transport: Transport) => void,
): Promise<Listener> {
  const pipe = await openPlace(() => listenOnPipe(pipePath));
  const tcp = tcpPort === null ? { server: null, fault: null } : await openPlace(() => listenOnTcp(tcpPort));
  const faults = [
    ...(pipe.fault === null ? [] : [`pipe ${pipePath}: ${pipe.fault}; choose another with --bridge-pipe NAME`]),
    ...(tcp.fault === null
      ? []
      : [`port ${tcpPort} on ${LOOPBACK}: ${tcp.fault}; choose another with --bridge-port N`]),
  ];
  if (pipe.server === null && tcp.server === null) {
    throw new TerminalSetupError(`cannot listen for the program in the terminal (${faults.join('. ')})`);
  }
  for (const fault of faults) log.warn('bridge-listen-failed', { fault });
  attend(pipe.server, 'pipe', log, take);
  attend(tcp.server, 'tcp', log, take);
  return {
    pipePath: pipe.server === null ? null : pipePath,
    tcpPort: portOf(tcp.server),
    stop: async () => {
      await Promise.all([close(pipe.server), close(tcp.server)]);
    },
  };
}

async function openPlace(listen: () => Promise<Server>): Promise<Place> {
  try {
    return { server: await listen(), fault: null };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { server: null, fault: code === 'EADDRINUSE' ? 'another program holds it' : message };
  }
}

function listenOnTcp(port: number): Promise<Server> {
  const server = createServer();
  return listening(server, () => server.listen({ host: LOOPBACK, port, exclusive: true }));
}

async function listenOnPipe(path: string): Promise<Server> {
  const isFile = !path.startsWith('\\\\');
  const release = isFile ? guard(path) : () => {};
  try {
    // Asked on Windows too: Wine lets a second server listen on the name of the first.
    if (await isAnswering(path)) throw new Error('another gateway listens there');
    if (isFile) removeDeadSocket(path);
    return await listenPrivately(path, isFile);
  } finally {
    release();
  }
}

function listenPrivately(path: string, isFile: boolean): Promise<Server> {
  const server = createServer();
  if (!isFile) return listening(server, () => server.listen(path));
  // The mask makes the socket 0600 from its first moment, not only after chmod.
  const mask = process.umask(0o177);
  const opened = listening(server, () => server.listen(path));
  process.umask(mask);
  return opened.then((open) => {
    chmodSync(path, 0o600);
    return open;
  });
}

function listening(server: Server, begin: () => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve(server);
    });
    begin();
  });
}

// Two starts that both find a dead socket must not both replace it.
function guard(path: string): () => void {
  const file = `${path}.starting`;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < OLDEST_GUARD_MS)
      throw new Error('another gateway is just starting there');
  }
  return () => rmSync(file, { force: true });
}

function removeDeadSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error('there is a file that is no socket');
  rmSync(path);
}

function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function attend(
  server: Server | null,
  transport: Transport,
  log: Log,
  take: (socket: Socket, transport: Transport) => void,
): void {
  server?.on('error', (error) => {
    log.error('bridge-listener-failed', { transport, error });
  });
  server?.on('connection', (socket) => take(socket, transport));
}

function portOf(server: Server | null): number | null {
  const address = server?.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}

function close(server: Server | null): Promise<void> {
  return new Promise((resolve) => {
    if (server === null) resolve();
    else server.close(() => resolve());
  });
}
