import type { Runtime } from './choose-shell.mjs';

export declare function findRuntime(options: {
  readonly modules: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly say: (line: string) => void;
  readonly withinMs?: number;
}): Runtime;
