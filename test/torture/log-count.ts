import * as z from 'zod';

const lineSchema = z.object({ event: z.string() });

/** How many lines of each kind a gateway has written to its diagnostic log. */
export class LogCount {
  readonly #counts = new Map<string, number>();
  #rest = '';

  /** Takes what came from the gateway's standard error. */
  take(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#add(kindOf(line));
  }

  /** The counts as they are now. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts);
  }

  #add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}

function kindOf(line: string): string {
  try {
    return lineSchema.parse(JSON.parse(line)).event;
  } catch {
    return 'no log line';
  }
}

/** What has been added of each kind between two counts. */
export function added(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Map<string, number> {
  const grown = [...after].map(([kind, count]): [string, number] => [kind, count - (before.get(kind) ?? 0)]);
  return new Map(grown.filter(([, count]) => count > 0));
}
