import type { RigOptions } from './adapter.ts';
import type { BehaviourRig } from './behaviour-rig.ts';

/** Something that holds on every adapter; the name is a sentence. */
export interface Behaviour {
  readonly name: string;
  readonly options: RigOptions;
  readonly run: (rig: BehaviourRig) => Promise<void>;
}

/** A behaviour on an account as by default. */
export function behaviour(name: string, run: Behaviour['run'], options: RigOptions = {}): Behaviour {
  return { name, options, run };
}
