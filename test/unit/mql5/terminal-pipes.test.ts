import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { hasSystemPackage } from '../../system-packages.ts';
import { BUILD_TIMEOUT_MS, buildExchange, stepper } from './exchange-rig.ts';

describe.runIf(hasSystemPackage('g++'))("The terminal's pipes and sockets", () => {
  let exchange: string;

  beforeAll(async () => {
    exchange = await buildExchange();
  }, BUILD_TIMEOUT_MS);

  afterEach(() => ProgramProcess.killAll());

  it('reads of a pipe what is waiting, and writes to it at FileFlush', async () => {
    const pipeFolder = temporaryFolder();
    const { step } = await stepper(exchange, { pipeFolder });
    expect(await step('pipe-open')).toBe('none 5004');
    const { connected, heard } = await peer(join(pipeFolder, 'test'));
    expect(await step('pipe-open')).toBe('open');
    expect(await step('pipe-size')).toBe('0 0');
    (await connected()).write('abc');
    await expect.poll(() => step('pipe-size')).toBe('3 0');
    expect(await step('pipe-read')).toBe('3 abc');
    expect(await step('pipe-buffer')).toBe('5 0');
    expect(heard).toEqual([]);
    expect(await step('pipe-write')).toBe('5 0');
    await expect.poll(() => heard.join('')).toBe('hellohello');
  });

  it('notices a dead pipe when it writes', async () => {
    const pipeFolder = temporaryFolder();
    const { step } = await stepper(exchange, { pipeFolder });
    const { connected } = await peer(join(pipeFolder, 'test'));
    await step('pipe-open');
    (await connected()).destroy();
    await expect.poll(() => step('pipe-write')).toBe('5 5026');
    expect(await step('pipe-write')).toBe('0 5026');
  });

  it('stops a program that reads more from a pipe than is waiting', async () => {
    const pipeFolder = temporaryFolder();
    const { step, program } = await stepper(exchange, { pipeFolder });
    await peer(join(pipeFolder, 'test'));
    await step('pipe-open');
    await expect(step('pipe-block')).rejects.toThrow('MQL5: FileReadArray of 100 bytes would block: the pipe has 0');
    expect((await program.ended).signal).toBe('SIGABRT');
  });

  it('tells nothing of the size of a pipe where it plays Wine', async () => {
    const pipeFolder = temporaryFolder();
    const { step } = await stepper(exchange, { pipeFolder, environment: { MT5_PIPE_BLIND: '1' } });
    await peer(join(pipeFolder, 'test'));
    await step('pipe-open');
    expect(await step('pipe-size')).toBe('0 5015');
  });

  it('speaks TCP through a socket until the other end is gone', async () => {
    const { step } = await stepper(exchange);
    const { connected, heard, port } = await peer(0);
    expect(await step('socket-connect-1')).toBe('5272');
    expect(await step(`socket-connect-${port}`)).toBe('connected');
    expect(await step('socket-timeout')).toBe('-1 connected');
    expect(await step('socket-send')).toBe('5 connected');
    await expect.poll(() => heard.join('')).toBe('hello');
    (await connected()).write('abc');
    await expect.poll(() => step('socket-read')).toBe('3 abc');
    (await connected()).destroy();
    await expect.poll(() => step('socket-send')).toMatch(/gone$/);
    expect(await step('socket-close')).toBe('closed refused 5270');
  });

  it('refuses a socket to an address that is not allowed', async () => {
    const { step } = await stepper(exchange, { environment: { MT5_SOCKETS: '0' } });
    expect(await step('socket-connect-1')).toBe('4014');
  });
});

/** A server that the program talks to, and what it has heard. */
async function peer(where: string | number) {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => heard.push(chunk.toString()));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  const connected = async () => {
    await expect.poll(() => sockets.length).toBe(1);
    return sockets[0]!;
  };
  return { connected, heard, port: (server.address() as { port?: number }).port ?? 0 };
}
