import { describe, it } from 'vitest';
import { expectCheck, soundInstall, type CheckRow } from './sound-findings.ts';

describe('the diagnosis of what is in MetaTrader', () => {
  it.each<CheckRow>([
    [
      'a folder that is no terminal',
      'MetaTrader',
      'wrong',
      /\/x is no folder/,
      /--terminal-folder/,
      { findings: { terminals: [], strangeFolder: '/x' } },
    ],
    [
      'a linked terminal that is elsewhere',
      'MetaTrader',
      'note',
      /elsewhere/,
      /--terminal-folder/,
      { findings: { terminals: [] } },
    ],
    [
      'a program that is not installed',
      'Program',
      'wrong',
      /none of them/,
      /--install-bridge --terminal-folder "\/data\/AB"/,
      { install: { version: null } },
    ],
    ['lost sources', 'Program', 'wrong', /sources .* missing/, /install/, { findings: { programVersion: null } }],
    [
      'an old program',
      'Program',
      'wrong',
      /0\.9\.0 is installed.*brings 1\.0\.0/,
      /--install-bridge/,
      { install: { version: '0.9.0' } },
    ],
    [
      'changed sources',
      'Program',
      'note',
      /not as they were installed/,
      /--install-bridge/,
      { install: { sources: 'other' } },
    ],
    [
      'a program that is not compiled',
      'Compiled',
      'wrong',
      /missing, or older/,
      /--install-bridge/,
      { install: { isCompiled: false } },
    ],
    [
      'no MetaEditor to compile it',
      'Compiled',
      'wrong',
      /missing, or older/,
      /metaeditor64/,
      { install: { isCompiled: false, terminal: { ...soundInstall.terminal, editor: null } } },
    ],
    ['no token in the terminal', 'Token', 'wrong', /none is in/, /--install-bridge/, { install: { token: 'missing' } }],
    [
      'a token of another gateway',
      'Token',
      'wrong',
      /another gateway/,
      /--install-bridge/,
      { install: { token: 'other' } },
    ],
    [
      'no token at all',
      'Token',
      'wrong',
      /made none/,
      /--install-bridge/,
      { install: { token: 'missing' }, findings: { token: 'none' } },
    ],
    [
      'a preset of other settings',
      'Preset',
      'note',
      /not as the settings/,
      /--install-bridge/,
      { install: { preset: 'other' } },
    ],
  ])('tells of %s', (_, ...row) => expectCheck(...row));
});
