import { readFileSync } from 'node:fs';

/** A command that a page tells its reader to type. */
export interface PageCommand {
  readonly page: string;
  readonly line: string;
}

const FENCE = /^\s*```(\w*)\s*$/;

/** The commands in the plain code blocks of a page, in order; blocks of a language are examples, not commands. */
export function commandsOf(page: string): readonly PageCommand[] {
  const commands: PageCommand[] = [];
  let language: string | null = null;
  for (const line of readFileSync(page, 'utf8').split('\n')) {
    const fence = FENCE.exec(line);
    if (fence !== null) language = language === null ? (fence[1] ?? '') : null;
    else if (language === '' && /^(npm|curl|netsh|sudo|mt5-fabric|ssh)\b/.test(line)) commands.push({ page, line });
  }
  return commands;
}
