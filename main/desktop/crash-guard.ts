import type { Clock } from '../clock.ts';
import { EXIT } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log.ts';
import { VERSION } from '../version.ts';
import { writeCrashReport } from './crash-report.ts';

/** So long the halt of a crash may take to be recorded, in milliseconds. */
const RECORD_WITHIN_MS = 2_000;

export interface CrashGuardPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly exit: (code: number) => void;
}

/** What happens to an exception that nobody caught: trading halts, a report is written, the program ends with 70. */
export class CrashGuard {
  readonly #ports: CrashGuardPorts;
  #host: Pick<Host, 'crash' | 'mode'> | null = null;
  #hasCrashed = false;

  constructor(ports: CrashGuardPorts) {
    this.#ports = ports;
  }

  /** Listens for what nobody catches, from now to the end of the process. */
  watch(target: Pick<NodeJS.Process, 'on'>): void {
    target.on('uncaughtException', (error) => void this.crashed(error));
    target.on('unhandledRejection', (error) => void this.crashed(error));
  }

  /** The gateway that is to be halted; before it there is nothing to halt. */
  guard(host: Pick<Host, 'crash' | 'mode'>): void {
    this.#host = host;
  }

  /** Halts first, reports second. What fails on the way, and every further exception, is passed over. */
  async crashed(error: unknown): Promise<void> {
    if (this.#hasCrashed) return;
    this.#hasCrashed = true;
    const { clock, log, dataDir, exit } = this.#ports;
    const modeBefore = this.#host?.mode() ?? 'not started';
    const recorded = this.#host?.crash(error instanceof Error ? error.message : String(error)).catch(() => {});
    log.error('uncaught exception: trading is halted and the gateway ends', { error });
    const { electron, node } = process.versions;
    const circumstances = { version: VERSION, electron, node, platform: process.platform, modeBefore };
    const file = writeCrashReport(dataDir, { atMs: clock.nowMs(), error, circumstances });
    if (file !== null) log.error('crash report written', { file });
    await Promise.race([recorded, new Promise<void>((resolve) => clock.after(RECORD_WITHIN_MS, resolve))]);
    exit(EXIT.internal);
  }
}
