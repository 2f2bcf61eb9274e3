import { describe, expect, it } from 'vitest';
import { parseInvocation } from '../../main/arguments.ts';

const parse = (line: string) => parseInvocation(line.split(' '));

describe('the command line for pairing', () => {
  it('takes a brain, its role, and what else --pair has', () => {
    expect(parse('--pair alpha --role trade')).toEqual({
      ...{ root: 'local', command: 'pair', client: 'alpha', role: 'trade', json: false },
    });
    expect(parse('--pair --role read alpha --expires 90d --host 10.0.0.5 --out /f --data-dir /d --json')).toEqual({
      ...{ root: 'local', command: 'pair', client: 'alpha', role: 'read', expiresDays: 90, host: '10.0.0.5' },
      ...{ out: '/f', dataDir: '/d', json: true },
    });
  });

  it('takes the brain of --revoke and --rename, and nothing for --clients', () => {
    expect(parse('--revoke alpha --reason lost')).toEqual({
      ...{ root: 'local', command: 'revoke', client: 'alpha', reason: 'lost', json: false },
    });
    expect(parseInvocation(['--rename', 'alpha', '--label', 'Trend 1'])).toEqual({
      ...{ root: 'local', command: 'rename', client: 'alpha', label: 'Trend 1', json: false },
    });
    expect(parse('--clients --json')).toEqual({ root: 'local', command: 'clients', json: true });
  });

  it.each([
    [
      '--pair --role trade',
      '--pair takes one name of a brain, at most 64 letters, digits, dots, _ or -, like --pair alpha',
    ],
    ['--pair a/b --role trade', '--pair takes one name of a brain'],
    ['--pair alpha beta --role trade', '--pair takes one name of a brain'],
    ['--pair alpha', '--pair takes --role read|trade|kill: what the brain may do'],
    ['--pair alpha --role admin', '--pair takes --role read|trade|kill'],
    ['--pair alpha --role trade --expires 0d', '--expires takes days, 1d to 3650d, like 90d'],
    ['--pair alpha --role trade --expires 3651d', '--expires takes days'],
    ['--pair alpha --role trade --expires 1y', '--expires takes days'],
    ['--pair alpha --role trade --reason x', "Unknown option '--reason'"],
    ['--pair alpha --role trade --command-port 5', "Unknown option '--command-port'"],
    ['--pair alpha --revoke beta', '--pair and --revoke exclude each other'],
    ['--rename alpha', '--rename takes --label'],
    [`--rename alpha --label ${'x'.repeat(65)}`, '--rename takes --label'],
    ['--clients alpha', "Unexpected argument 'alpha'"],
  ])('refuses %j by saying what is wrong', (line, message) => {
    const invocation = parse(line);
    expect(invocation.root === 'usage' ? invocation.message : JSON.stringify(invocation)).toContain(message);
  });
});
