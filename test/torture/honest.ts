import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type {
  HonestAnswer,
  HonestHoldings,
  HonestKill,
  HonestQuestion,
  HonestStart,
  HonestWindow,
} from './honest-protocol.ts';

const PROGRAM = join(import.meta.dirname, 'honest-client.ts');
const ANSWER_LIMIT_MS = 15_000;

/** The honest client as a process of its own, so that the load of an attack is not in its figures. */
export class Honest {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: HonestAnswer) => void>();
  #asked = 0;

  constructor(start: HonestStart) {
    this.#child = fork(PROGRAM, [JSON.stringify(start)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', ({ id, given }: { id: number; given: HonestAnswer }) => {
      this.#waiting.get(id)?.(given);
      this.#waiting.delete(id);
    });
    // Asking one that has ended fails by itself.
    this.#child.on('error', () => {});
  }

  /** Its heartbeats since the last call. */
  async window(): Promise<HonestWindow> {
    return (await this.#ask('window')) as HonestWindow;
  }

  async kill(): Promise<HonestKill> {
    return (await this.#ask('kill')) as HonestKill;
  }

  async holdings(): Promise<HonestHoldings> {
    return (await this.#ask('holdings')) as HonestHoldings;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(question: HonestQuestion): Promise<HonestAnswer> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) {
      return Promise.reject(new Error(`the honest client has ended (${signalCode ?? exitCode})`));
    }
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the honest client says nothing to ${question}`)),
        ANSWER_LIMIT_MS,
      );
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#child.send({ id, question });
    });
  }
}
