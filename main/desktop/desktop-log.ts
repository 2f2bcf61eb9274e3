import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createLog, type Log } from '../log.ts';

/** A full file is kept as one older one, so that the two together stay below twice this. */
const MOST_BYTES = 5 * 1_048_576;

/** The diagnostic log of a program without a console: `gateway.log` in the data folder's `logs`, and `echo` where there is one. */
export function openDesktopLog(dataDir: string, echo: (line: string) => void, mostBytes = MOST_BYTES): Log {
  const file = new RotatedFile(join(dataDir, 'logs'), mostBytes);
  return createLog((line) => {
    echo(line);
    file.write(`${line}\n`);
  });
}

class RotatedFile {
  readonly #folder: string;
  readonly #mostBytes: number;
  #stream: WriteStream | null = null;
  #bytes = 0;

  constructor(folder: string, mostBytes: number) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /** Does not wait for what is written. */
  write(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#stream !== null && this.#bytes + bytes > this.#mostBytes) this.#close();
    this.#stream ??= this.#open();
    this.#bytes += bytes;
    this.#stream.write(text);
  }

  #open(): WriteStream {
    const path = join(this.#folder, 'gateway.log');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#bytes > this.#mostBytes / 2) this.#setAside(path);
    // Opened at once, so that it is there to be set aside while writes are still on their way.
    const stream = createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
    // A log never fails its caller; the next line tries a new file.
    stream.on('error', () => {
      if (this.#stream === stream) this.#stream = null;
    });
    return stream;
  }

  #close(): void {
    this.#stream?.end();
    this.#stream = null;
    this.#setAside(join(this.#folder, 'gateway.log'));
  }

  #setAside(path: string): void {
    renameSync(path, join(this.#folder, 'gateway.1.log'));
    this.#bytes = 0;
  }
}
