import { Worker } from 'node:worker_threads';
import { workerFile } from '../../worker-file.ts';
import type { FromMachine, MachineWork } from './machine-worker.ts';
import type { MachinePlace } from './machine-place.ts';
import type { MachineCalls, MachineTask } from './machine-tasks.ts';

const WORKER = { source: './machine-worker.ts', built: 'machine-worker.js' };

/**
 * What the gateway asks of its machine: terminals, installations, a diagnosis. Each is many files that are read and
 * written one by one, so it is done in a worker of its own, which ends with it.
 */
export class Machine {
  readonly #place: MachinePlace;
  readonly #workers = new Set<Worker>();
  #lastInstall: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(place: MachinePlace) {
    this.#place = place;
  }

  /** The terminals of this machine. Rejects where the program's own sources are missing. */
  terminals(): Promise<MachineCalls['terminals']['output']> {
    return this.#run('terminals', {});
  }

  /** Installs the program into a terminal; one installation after the other. */
  install(folder: string): Promise<MachineCalls['install']['output']> {
    const installed = this.#lastInstall.then(() => this.#run('install', { folder }));
    this.#lastInstall = installed.catch(() => {});
    return installed;
  }

  /** Every link from the data folder to the broker, given what is known of the gateway itself. */
  doctor(gateway: MachineCalls['doctor']['input']['gateway']): Promise<MachineCalls['doctor']['output']> {
    return this.#run('doctor', { gateway });
  }

  /** Ends what runs; it rejects. An installation that is cut off is completed by the next one. May be called twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #run<K extends keyof MachineCalls>(call: K, input: MachineCalls[K]['input']): Promise<MachineCalls[K]['output']> {
    if (this.#isStopped) return Promise.reject(new Error('the gateway is stopping'));
    const work: MachineWork = { place: this.#place, task: { call, input } as MachineTask };
    const worker = new Worker(workerFile(WORKER, import.meta.url), { workerData: work, name: `machine-${call}` });
    this.#workers.add(worker);
    const { promise, resolve, reject } = Promise.withResolvers<MachineCalls[K]['output']>();
    worker.once('message', (said: FromMachine) => {
      if (said.kind === 'done') resolve(said.output);
      else reject(new Error(said.message));
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      this.#workers.delete(worker);
      reject(new Error(`${call} was ended before it was done`));
    });
    return promise;
  }
}
