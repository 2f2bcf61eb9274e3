import type { Adapter, RigOptions } from './adapter.ts';
import { compiledProgram, startBridgeAdapter } from './bridge-adapter.ts';
import { startPaperAdapter } from './paper-adapter.ts';

/** A way to a broker. */
interface AdapterKind {
  readonly name: string;
  /** What has to be made once, before the first. */
  readonly prepare: () => Promise<unknown>;
  readonly start: (options: RigOptions) => Promise<Adapter>;
}

/** Every way to a broker that has to behave alike. */
export const ADAPTERS: readonly AdapterKind[] = [
  { name: 'paper terminal', prepare: () => Promise.resolve(), start: startPaperAdapter },
  { name: 'compiled program', prepare: compiledProgram, start: startBridgeAdapter },
];
