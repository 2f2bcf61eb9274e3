import { describe, expect, it } from 'vitest';
import { readTrace } from '../../faults/power/disk-events.ts';

const hex = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const handle = (path: string) => `7<${hex(path)}>`;
const read = (...lines: readonly string[]) => readTrace(`${lines.join('\n')}\n`, '/t/notes');

describe('a trace', () => {
  it('is read as writes, truncations, removals and syncs in their order', () => {
    const events = read(
      `12 openat(AT_FDCWD<${hex('/')}>, "${hex('/t/log')}", O_RDWR|O_CREAT, 0600) = ${handle('/t/log')}`,
      `12 pwrite64(${handle('/t/log')}, "${hex('a"),b')}", 5, 4096) = 5`,
      `12 ftruncate(${handle('/t/log')}, 90112) = 0`,
      `12 fdatasync(${handle('/t/log')}) = 0`,
      `12 unlink("${hex('/t/log-wal')}") = 0`,
      '12 +++ exited with 0 +++',
    );
    expect(events).toEqual([
      { kind: 'write', file: 'log', atByte: 4_096, bytes: Buffer.from('a"),b') },
      { kind: 'truncate', file: 'log', toBytes: 90_112 },
      { kind: 'sync', file: 'log' },
      { kind: 'unlink', file: 'log-wal' },
    ]);
  });

  it('is read with what the writer said to be on disk', () => {
    expect(read(`12 write(${handle('/t/notes')}, "${hex('17\n')}", 3) = 3`)).toEqual([
      { kind: 'acknowledged', rows: 17 },
    ]);
  });

  it.each([
    ['a call that is not known', `12 pwritev(${handle('/t/log')}, [], 0, 0) = 0`],
    ['a string that was cut', `12 pwrite64(${handle('/t/log')}, "${hex('ab')}"..., 4096, 0) = 4096`],
    ['a write that was not whole', `12 pwrite64(${handle('/t/log')}, "${hex('abc')}", 3, 0) = 2`],
    ['a call that failed', `12 fsync(${handle('/t/log')}) = -1 EIO (Input/output error)`],
    ['a call that another thread cut in two', `12 fsync(${handle('/t/log')} <unfinished ...>`],
  ])('is refused for %s, rather than guessed at', (_what, line) => {
    expect(() => read(line)).toThrow('cannot be read');
  });
});
