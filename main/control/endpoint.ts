import { chmodSync, closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../log.ts';
import { CONTROL_CALLS, callLineSchema, type ControlHandlers, type ControlCall } from './contract.ts';
import { isAnswering } from './client.ts';
import { onLines } from './lines.ts';

const LONGEST_LINE = 64 * 1024;

/** The gateway's end of the local control line. Holding it is holding the data folder. */
export interface ControlEndpoint {
  /** Starts to answer calls; until then callers wait. */
  serve(api: ControlHandlers): void;
  /** Ends every connection and gives the folder free. May be called twice. */
  stop(): Promise<void>;
}

export type Opened =
  | { readonly ok: true; readonly endpoint: ControlEndpoint }
  | { readonly ok: false; readonly reason: 'taken' | 'failed'; readonly message: string };

/** Opens the control endpoint, unless a running gateway holds it at any of `paths`. A socket that a crash left is replaced. */
export async function openControlEndpoint(paths: readonly [string, ...string[]], log: Log): Promise<Opened> {
  const [path] = paths;
  const release = takeOver(path);
  if (release === null)
    return { ok: false, reason: 'taken', message: 'another gateway is just starting in this data folder' };
  try {
    for (const candidate of paths) {
      if (await isAnswering(candidate))
        return { ok: false, reason: 'taken', message: 'another gateway is running in this data folder' };
    }
    if (process.platform !== 'win32') rmSync(path, { force: true });
    const server = createServer();
    await listen(server, path);
    return { ok: true, endpoint: serveOn(server, log) };
  } catch (error) {
    return {
      ok: false,
      reason: 'failed',
      message: `cannot listen for local commands on ${path}: ${(error as Error).message}`,
    };
  } finally {
    release();
  }
}

// Two starts that both find a dead socket must not both replace it.
function takeOver(path: string): (() => void) | null {
  if (process.platform === 'win32') return () => {};
  const guard = `${path}.starting`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(guard, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(guard, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return () => {};
      if (isAlive(guard)) return null;
      rmSync(guard, { force: true });
    }
  }
  return null;
}

function isAlive(guard: string): boolean {
  try {
    const pid = Number(readFileSync(guard, 'utf8'));
    if (pid === process.pid || !(pid > 0)) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The mask makes the socket 0600 from its first moment, not only after chmod.
    const mask = process.umask(0o177);
    server.listen(path, () => {
      server.off('error', reject);
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      resolve();
    });
    process.umask(mask);
  });
}

function serveOn(server: Server, log: Log): ControlEndpoint {
  const sockets = new Set<Socket>();
  let ready: (api: ControlHandlers) => void = () => {};
  const api = new Promise<ControlHandlers>((resolve) => {
    ready = resolve;
  });
  server.on('error', (error) => {
    log.error('control endpoint failed', { error });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    onLines(socket, LONGEST_LINE, (line) => {
      void answer(line, api).then((text) => socket.writable && socket.write(`${text}\n`));
    });
  });
  return {
    serve: (handlers) => {
      ready(handlers);
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function answer(line: string, api: Promise<ControlHandlers>): Promise<string> {
  let id = 0;
  try {
    const request = callLineSchema.parse(JSON.parse(line));
    id = request.id;
    if (!Object.hasOwn(CONTROL_CALLS, request.call)) {
      return refuse(id, `no such call: ${request.call}; there are ${Object.keys(CONTROL_CALLS).join(', ')}`);
    }
    const call = request.call as ControlCall;
    const input = CONTROL_CALLS[call].input.safeParse(request.input);
    if (!input.success) return refuse(id, `${call} takes ${input.error.issues[0]?.message ?? 'something else'}`);
    const perform = (await api)[call] as (input: unknown, by: string) => Promise<unknown>;
    return JSON.stringify({ id, ok: true, output: await perform(input.data, request.by) }, exactText);
  } catch (error) {
    return refuse(id, (error as Error).message);
  }
}

function refuse(id: number, error: string): string {
  return JSON.stringify({ id, ok: false, error });
}

// Operators read tickets; a number past 2^53 would be rounded.
function exactText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
