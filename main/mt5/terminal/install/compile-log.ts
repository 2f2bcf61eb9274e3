/** One complaint of MetaEditor; `file` without its folder, line and column 0 where it names none. */
export interface CompileMessage {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What a compile log says. `errors` is null where the log has no result: MetaEditor did not finish. */
export interface CompileReport {
  readonly errors: number | null;
  readonly warnings: number;
  readonly messages: readonly CompileMessage[];
}

/** Reads MetaEditor's log: `path(line,column) : error 256: text` rows, and `Result: N errors, M warnings` at the end. */
export function readCompileLog(text: string): CompileReport {
  const result = [...text.matchAll(/^\s*Result:?\s+(\d+)\s+error(?:s|\(s\))?,\s*(\d+)\s+warning/gim)].at(-1);
  const messages = text
    .split(/\r?\n/)
    .map(messageOf)
    .filter((message) => message !== null);
  return { errors: result === undefined ? null : Number(result[1]), warnings: Number(result?.[2] ?? 0), messages };
}

function messageOf(line: string): CompileMessage | null {
  const found = /^(.*?)(?:\((\d+),(\d+)\))?\s*:\s+(error|warning)\s+(\d+:.*|.*)$/.exec(line);
  if (found === null) return null;
  const [, path = '', row = '0', column = '0', severity, text = ''] = found;
  return {
    severity: severity as 'error' | 'warning',
    file: path.split(/[\\/]/).at(-1)?.trim() ?? '',
    ...{ line: Number(row), column: Number(column), text: text.trim() },
  };
}
