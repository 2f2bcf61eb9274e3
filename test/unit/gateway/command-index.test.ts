import { describe, expect, it } from 'vitest';
import { Command } from '../../../main/gateway/command.ts';
import { CommandIndex } from '../../../main/gateway/command-index.ts';
import { success } from '../../../main/protocol/envelope.ts';

const key = (reqId: string, client = 'alpha') => ({ client, reqId });
const command = (reqId: string) => new Command(key(reqId), { action: 'OPEN_ORDER', payloadHash: 'h' }, 0);

function settled(reqId: string): Command {
  const done = command(reqId);
  done.settle('DONE', success({}), 0);
  return done;
}

describe('CommandIndex', () => {
  it('forgets the oldest settled command first', () => {
    const index = new CommandIndex(2);
    for (const reqId of ['a', 'b', 'c']) index.add(settled(reqId));
    expect(['a', 'b', 'c'].map((reqId) => index.find(key(reqId)) !== null)).toEqual([false, true, true]);
    expect(index.size).toBe(2);
  });

  it('keeps open commands however old they are, and beyond its capacity when all are', () => {
    const index = new CommandIndex(2);
    const open = command('open');
    index.add(open);
    for (const reqId of ['a', 'b', 'c']) index.add(settled(reqId));
    expect(index.find(key('open'))).toBe(open);
    for (const reqId of ['d', 'e', 'f']) index.add(command(reqId));
    expect(index.find(key('open'))).toBe(open);
    expect(index.size).toBe(4);
  });

  it('keeps the same id of two clients apart', () => {
    const index = new CommandIndex(10);
    index.add(command('a'));
    expect(index.find(key('a', 'beta'))).toBeNull();
  });
});
