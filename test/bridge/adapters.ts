import type { Adapter, RigOptions } from './adapter.ts';
import { startPaperAdapter } from './paper-adapter.ts';

/** Every way to a broker that has to behave alike. */
export const ADAPTERS: readonly { readonly name: string; readonly start: (options: RigOptions) => Promise<Adapter> }[] =
  [{ name: 'paper terminal', start: startPaperAdapter }];
