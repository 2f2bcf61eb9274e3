import type { Socket } from 'node:net';

/** Calls `take` for each line of UTF-8 that arrives; a peer whose line grows past `maxBytes` is cut off. */
export function onLines(socket: Socket, maxBytes: number, take: (line: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
      take(line);
    }
    if (rest.length > maxBytes) socket.destroy();
  });
}
