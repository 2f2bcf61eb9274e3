import { describe, expect, it } from 'vitest';
import { parseInvocation } from '../../main/arguments.ts';

const parse = (line: string) => parseInvocation(line.split(' ').filter((word) => word !== ''));

describe('the command line', () => {
  it('starts the gateway without any word', () => {
    expect(parse('')).toEqual({ root: 'gateway', flags: {}, paperReset: false, json: false });
  });

  it('takes every setting as a flag', () => {
    expect(parse('--headless --data-dir /d --command-port 0 --paper-margin netting --paper-reset --json')).toEqual({
      root: 'gateway',
      dataDir: '/d',
      flags: { commandPort: '0', paperMargin: 'netting' },
      paperReset: true,
      json: true,
    });
  });

  it('starts the desktop where that is usual, and takes the settings along', () => {
    const invocation = parseInvocation(['--terminal', 'paper', '--data-dir', '/d', '--hidden'], 'desktop');
    expect(invocation).toEqual({
      ...{ root: 'desktop', dataDir: '/d', flags: { terminal: 'paper' }, paperReset: false, isHidden: true },
    });
    expect(parseInvocation([], 'desktop')).toMatchObject({ root: 'desktop', isHidden: false });
  });

  it.each(['--headless', '--status', '--doctor'])('leaves %s what it is where the desktop is usual', (word) => {
    expect(parseInvocation([word], 'desktop')).toEqual(parseInvocation([word]));
  });

  it("leaves the brain's words to the brain, help and unknown ones included", () => {
    expect(parse('--brain open EURUSD 0.01 buy --help --kill')).toEqual({
      root: 'brain',
      words: ['open', 'EURUSD', '0.01', 'buy', '--help', '--kill'],
    });
  });

  it('takes the data folder out of the words for the audit log', () => {
    expect(parse('--audit list --data-dir /d --limit 3')).toEqual({
      root: 'audit',
      words: ['list', '--limit', '3'],
      dataDir: '/d',
    });
  });

  it.each(['kill', 'halt', 'resume', 'status', 'panel-address'])('knows --%s', (command) => {
    expect(parse(`--${command} --data-dir /d`)).toMatchObject({ root: 'local', command, dataDir: '/d' });
  });

  it.each(['close', 'take-out'])('takes the ticket of --%s', (command) => {
    expect(parse(`--${command} 9007199254740993 --reason by-hand`)).toEqual({
      ...{ root: 'local', command, ticket: '9007199254740993', reason: 'by-hand', json: false },
    });
  });

  it('takes the client of --end-lease', () => {
    expect(parse('--end-lease alpha --reason gone')).toMatchObject({ command: 'end-lease', client: 'alpha' });
  });

  it('takes the command of --decide, with what became of it', () => {
    expect(parse('--decide a-1 --happened no --client alpha --reason looked')).toMatchObject({
      ...{ command: 'decide', reqId: 'a-1', happened: 'no', client: 'alpha', reason: 'looked' },
    });
  });

  it.each(['install-bridge', 'doctor'])('takes settings and a terminal for --%s', (root) => {
    expect(parse(`--${root} --terminal-folder /t --bridge-pipe second --data-dir /d --json`)).toEqual({
      ...{ root, dataDir: '/d', terminalFolder: '/t', flags: { bridgePipe: 'second' }, json: true },
    });
    expect(parse(`--${root}`)).toEqual({ root, flags: {}, json: false });
  });

  it.each([
    ['--doctor --install-bridge', '--doctor and --install-bridge exclude each other'],
    ['--doctor --paper-reset', "Unknown option '--paper-reset'"],
    ['--close', '--close takes one ticket'],
    ['--close 0', '--close takes one ticket'],
    ['--take-out 1 2', '--take-out takes one ticket'],
    ['--take-out EURUSD', '--take-out takes one ticket'],
    ['--end-lease', "--end-lease takes one client's name"],
    ['--decide --happened no', '--decide takes one req_id'],
    ['--decide a-1', '--decide takes --happened yes or --happened no'],
    ['--decide a-1 --happened maybe', '--decide takes --happened yes or --happened no'],
    ['--kill --resume', '--kill and --resume exclude each other'],
    ['--comand-port 5', "Unknown option '--comand-port'"],
    ['--status --reason x', "Unknown option '--reason'"],
    ['--panel-address --reason x', "Unknown option '--reason'"],
    ['start', "Unexpected argument 'start'"],
    ['--audit list --data-dir', '--data-dir takes a folder'],
  ])('refuses %j by saying what is wrong', (line, message) => {
    const invocation = parse(line);
    expect(invocation.root).toBe('usage');
    expect(invocation.root === 'usage' ? invocation.message : '').toContain(message);
  });
});
