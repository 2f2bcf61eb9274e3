import { describe, expect, it } from 'vitest';
import { editorLauncher } from '../../../../../main/mt5/terminal/install/compile.ts';
import { readCompileLog } from '../../../../../main/mt5/terminal/install/compile-log.ts';
import { textOf } from '../../../../../main/mt5/terminal/install/text-file.ts';

describe("MetaEditor's log", () => {
  it.each([
    ['Result: 0 errors, 0 warnings, 234 msec elapsed', 0, 0],
    ['Result: 2 error(s), 1 warning(s)\r\n', 2, 1],
    ['Result 1 errors, 3 warnings', 1, 3],
    ['x : information: Result: nothing', null, 0],
    ['', null, 0],
  ])('%j has %j errors and %j warnings', (text, errors, warnings) => {
    expect(readCompileLog(text)).toMatchObject({ errors, warnings });
  });

  it('gives each complaint its file and line, and no complaint for what only informs', () => {
    const { messages } = readCompileLog(
      [
        "C:\\a b\\X.mq5 : information: compiling 'X.mq5'",
        "C:\\a b\\X.mq5(12,5) : error 256: 'Foo' - undeclared identifier",
        'X.mq5 : error 100: file not found',
        ' : information: generating code',
        'Result: 2 errors, 0 warnings',
      ].join('\r\n'),
    );
    expect(messages).toEqual([
      { severity: 'error', file: 'X.mq5', line: 12, column: 5, text: "256: 'Foo' - undeclared identifier" },
      { severity: 'error', file: 'X.mq5', line: 0, column: 0, text: '100: file not found' },
    ]);
  });

  it.each([
    ['UTF-16LE with its mark', Buffer.from('\ufeffResult', 'utf16le')],
    ['UTF-16LE without it', Buffer.from('Result', 'utf16le')],
    ['UTF-8 with its mark', Buffer.from('\ufeffResult')],
    ['UTF-8', Buffer.from('Result')],
  ])('is read as %s', (_, bytes) => {
    expect(textOf(bytes)).toBe('Result');
  });
});

describe('starting MetaEditor', () => {
  it('puts the quotes inside the words on Windows', () => {
    const launcher = editorLauncher('win32');
    expect(launcher.words('C:\\a b\\X.mq5', 'C:\\a b\\X.log')).toEqual([
      '/compile:"C:\\a b\\X.mq5"',
      '/log:"C:\\a b\\X.log"',
    ]);
    expect(launcher).toMatchObject({ verbatim: true, runner: null });
  });

  it('runs it in its own Wine prefix elsewhere, with names that need no quotes', () => {
    const launcher = editorLauncher('linux');
    expect(launcher.words('/p/a b/X.mq5', '/p/a b/X.log')).toEqual(['/compile:X.mq5', '/log:X.log']);
    expect(launcher.runner).toBe('wine');
    expect(launcher.environment('/p/drive_c/Program Files/MT5/metaeditor64.exe')).toMatchObject({ WINEPREFIX: '/p' });
    expect(launcher.environment('/opt/mt5/metaeditor64.exe')).toEqual({});
  });
});
