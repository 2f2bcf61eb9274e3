import type { BrainIo } from '../../../main/brain/cli/brain-io.ts';
import { runBrain } from '../../../main/brain/index.ts';

/** What a run of the command line said. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line's world that keeps what is written; `input` is what stands on standard input. */
export function recordedIo(environment: Record<string, string> = {}, input: AsyncIterable<Uint8Array> = nothing()) {
  const said = { out: '', err: '' };
  const stop = new AbortController();
  const io: BrainIo = {
    program: 'brain',
    environment,
    input: () => input,
    out: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    err: (text) => {
      said.err += text;
    },
    stop: stop.signal,
    faults: () => () => {},
    leave: () => {},
    screen: null,
  };
  return { io, said, stop };
}

/** Runs one command line to its end. */
export async function brain(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const { io, said } = recordedIo(environment);
  const code = await runBrain(args, io);
  return { code, ...said };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
