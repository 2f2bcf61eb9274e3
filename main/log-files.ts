import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { createLog, type Log } from './log.ts';

/** How much of a log is kept: so many files of so many bytes, the newest included. */
export interface LogLimits {
  readonly mostBytes: number;
  readonly mostFiles: number;
  /** What may wait in memory for a disk that is slow; lines beyond that are lost, and counted. */
  readonly mostWaitingBytes: number;
}

const LIMITS: LogLimits = { mostBytes: 10 * 1_048_576, mostFiles: 5, mostWaitingBytes: 1_048_576 };
/** After a fault of the disk it is left alone for so long. */
const REST_MS = 1_000;

/** The diagnostic log of a gateway in its data folder: `logs/gateway.log`, JSON lines; full ones are gateway.1.log and so on. */
export function openGatewayLog(dataDir: string, clock: Clock, limits: LogLimits = LIMITS): Log {
  const files = new LogFiles(join(dataDir, 'logs'), clock, limits);
  return createLog(
    (line) => files.write(line),
    () => clock.nowMs(),
  );
}

/** Takes lines without waiting for the disk and without ever failing: what cannot be written is lost, and the log says how much. */
export class LogFiles {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #limits: LogLimits;
  #stream: WriteStream | null = null;
  #bytes = 0;
  #fullAtBytes = 0;
  #lostLines = 0;
  #restUntilMs = -Infinity;

  constructor(folder: string, clock: Clock, limits: LogLimits = LIMITS) {
    this.#folder = folder;
    this.#clock = clock;
    this.#limits = limits;
  }

  write(line: string): void {
    try {
      if (this.#mayWrite()) this.#append(this.#lossLine() + line);
      else this.#lostLines += 1;
    } catch {
      this.#lostLines += 1;
      this.#rest();
    }
  }

  #mayWrite(): boolean {
    if (this.#clock.monoMs() < this.#restUntilMs) return false;
    return this.#stream === null || this.#stream.writableLength <= this.#limits.mostWaitingBytes;
  }

  #append(text: string): void {
    const bytes = Buffer.byteLength(text) + 1;
    const stream = this.#streamFor(bytes);
    this.#bytes += bytes;
    this.#lostLines = 0;
    stream.write(`${text}\n`);
  }

  #streamFor(bytes: number): WriteStream {
    if (this.#stream !== null && this.#bytes + bytes <= this.#fullAtBytes) return this.#stream;
    // What is on its way is not in the file's size yet: that is asked only where nothing can be.
    if (this.#stream === null) this.#measure();
    this.#stream?.end();
    this.#stream = null;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limits.mostBytes) this.#setAside();
    return (this.#stream = this.#open());
  }

  #measure(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#bytes = statSync(this.#newest, { throwIfNoEntry: false })?.size ?? 0;
    this.#fullAtBytes = this.#limits.mostBytes;
  }

  /** In one turn, so that no line falls between two files; what is still on its way goes where its file has gone. */
  #setAside(): void {
    const { mostBytes, mostFiles } = this.#limits;
    try {
      // First, since on Windows it fails while another program reads the file: then no older one may move either.
      renameSync(this.#newest, this.#aside(0));
    } catch (error) {
      if (this.#bytes >= 2 * mostBytes) throw error;
      // It grows on, to twice its size at most.
      this.#fullAtBytes = this.#bytes + mostBytes / 8;
      return;
    }
    this.#bytes = 0;
    this.#fullAtBytes = mostBytes;
    for (let age = mostFiles - 1; age > 0; age -= 1) moveWhereThereIs(this.#aside(age - 1), this.#aside(age));
  }

  #open(): WriteStream {
    // Opened at once, so that it is there to be set aside while writes are still on their way.
    const stream = createWriteStream(this.#newest, { fd: openSync(this.#newest, 'a', 0o600) });
    stream.on('error', () => {
      if (this.#stream !== stream) return;
      this.#lostLines += 1;
      this.#rest();
    });
    return stream;
  }

  /** The next line after the rest tries a new file. */
  #rest(): void {
    this.#stream?.destroy();
    this.#stream = null;
    this.#restUntilMs = this.#clock.monoMs() + REST_MS;
  }

  #lossLine(): string {
    if (this.#lostLines === 0) return '';
    const time = new Date(this.#clock.nowMs()).toISOString();
    return `${JSON.stringify({ time, level: 'warn', event: 'log-lines-lost', lines: this.#lostLines })}\n`;
  }

  get #newest(): string {
    return join(this.#folder, 'gateway.log');
  }

  #aside(age: number): string {
    return join(this.#folder, `gateway.${age}.log`);
  }
}

function moveWhereThereIs(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to);
}
