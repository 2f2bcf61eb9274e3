import type { Screen } from './brain-io.ts';

// The alternate screen without a cursor, and back.
const TAKE = '\u001b[?1049h\u001b[?25l';
const GIVE_BACK = '\u001b[?25h\u001b[?1049l';

/** This process's terminal, or null where it writes to none. Keys come only where it also reads from one. */
export function processScreen(): Screen | null {
  const { stdout } = process;
  if (!stdout.isTTY) return null;
  let restore: () => void = () => {};
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    write: (text) => void stdout.write(text),
    open: ({ resize, key }) => {
      // Not before: to name it is to load it, a megabyte.
      const { stdin } = process;
      const onKey = (bytes: Buffer) => key(bytes.toString('latin1'));
      stdout.on('resize', resize);
      if (stdin.isTTY) stdin.setRawMode(true).on('data', onKey);
      stdout.write(TAKE);
      restore = () => {
        restore = () => {};
        stdout.off('resize', resize);
        process.off('exit', onExit);
        if (stdin.isTTY) stdin.setRawMode(false).off('data', onKey).pause();
        stdout.write(GIVE_BACK);
      };
      // Also where an error ends the process: a terminal left without cursor and echo is of no use to anybody.
      const onExit = () => restore();
      process.on('exit', onExit);
    },
    close: () => restore(),
  };
}
