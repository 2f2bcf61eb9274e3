import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { writeDrained } from '../../../main/audit/write-drained.ts';
import { settle } from '../../fakes/simulated-clock.ts';

describe('a drained write', () => {
  it('waits until the text has been taken', async () => {
    let take = () => {};
    const stream = new Writable({ write: (_chunk, _encoding, done) => (take = done) });
    let isDone = false;
    const written = writeDrained(stream, 'text').then(() => (isDone = true));
    await settle();
    expect(isDone).toBe(false);
    take();
    await written;
  });

  it('rejects when nobody reads any more', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    stream.on('error', () => {});
    await expect(writeDrained(stream, 'text')).rejects.toBe(gone);
    const closed = new PassThrough().destroy();
    await expect(writeDrained(closed, 'text')).rejects.toThrow();
  });
});
