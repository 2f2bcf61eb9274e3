import type { Writable } from 'node:stream';

/** Writes and resolves when the text has been taken; rejects where it cannot be, as with EPIPE when the reader has gone. */
export function writeDrained(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error == null) resolve();
      else reject(error);
    });
  });
}
