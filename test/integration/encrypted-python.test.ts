import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZmqClient } from '../../main/brain/index.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { EncryptedGateway, pause, python, type PairedBrain } from './encrypted-gateway.ts';
import type { WireReply } from './raw-client.ts';

/** What became of one request of the Python client. */
type Outcome =
  | { readonly outcome: 'reply'; readonly reply: WireReply }
  | { readonly outcome: 'turned away'; readonly event: 'AUTH' | 'PROTOCOL' | 'HUNG UP'; readonly value: number }
  | { readonly outcome: 'silence' };

const ORDER = ['OPEN_ORDER', '{"symbol": "EURUSD", "volume": 0.01, "side": "BUY"}'] as const;
const denied = (message: string) => ({
  outcome: 'reply',
  reply: { status: 'ERROR', code: 'NOT_AUTHORISED', error: expect.stringContaining(message) as string },
});

async function ask({ file }: PairedBrain, ...words: readonly string[]): Promise<Outcome> {
  return JSON.parse(await python('test/python/encrypted_client.py', file, ...words)) as Outcome;
}

describe.runIf(hasSystemPackage('python3-zmq'))('Python brains of an encrypted gateway', () => {
  let gateway: EncryptedGateway;
  let alpha: PairedBrain;
  let beta: PairedBrain;
  let reader: PairedBrain;
  let killer: PairedBrain;
  beforeAll(async () => {
    gateway = await EncryptedGateway.start();
    alpha = await gateway.pair('alpha', 'trade');
    beta = await gateway.pair('beta', 'trade');
    reader = await gateway.pair('reader', 'read');
    killer = await gateway.pair('killer', 'kill');
  }, 120_000);
  afterAll(() => gateway.discard());

  const openPositions = async () => {
    const asked = await ask(reader, 'GET_POSITIONS');
    return asked.outcome === 'reply' ? asked.reply.data : asked;
  };
  /** The one refusal that a request left in the audit log. */
  const onlyRefusal = async (request: () => Promise<Outcome>, outcome: object) => {
    const seq = gateway.newestRow();
    expect(await request()).toMatchObject(outcome);
    const rows = await gateway.refusalsAfter(seq);
    expect(rows).toHaveLength(1);
    return rows[0]!;
  };

  it('the client of the documentation trades and hears ticks with nothing but its connection file', async () => {
    const seq = gateway.newestRow();
    const said = await python('docs/examples/secure_client.py', alpha.file);
    const lines = said.trim().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toContain("'mode': 'TRADING'");
    expect(lines[1]).toMatch(/^SUCCESS /);
    expect(lines[2]).toBe('SUCCESS');
    for (const tick of lines.slice(3)) expect(tick).toMatch(/^EURUSD 1\.\d+ 1\.\d+$/);
    const query = 'SELECT DISTINCT actor FROM entries WHERE action IS NOT NULL AND seq > ?';
    const actors = gateway.rows(query, seq);
    expect(actors).toEqual([{ actor: 'alpha' }]);
  });

  it('the right keys and the right proof trade, a reader reads', async () => {
    const opened = await ask(alpha, ...ORDER);
    expect(opened).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
    const { ticket } = (opened as { reply: WireReply }).reply.data as { ticket: number };
    expect(await openPositions()).toMatchObject([{ ticket }]);
    // Another brain of the same account may close it: roles say what, not whose.
    const closed = await ask(beta, 'CLOSE_POSITION', JSON.stringify({ ticket }));
    expect(closed).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
  });

  it.each([
    [
      'a proof of random bytes',
      ['--mac-of', 'random'],
      'is not the HMAC-SHA-256 of this body under the key of "alpha"',
    ],
    ['a proof that lacks a byte', ['--mac-of', 'short'], 'is not the HMAC-SHA-256'],
    ['no proof', ['--mac-of', 'none'], 'two frames'],
    ['its proof twice', ['--mac-of', 'twice'], 'two frames'],
    ['no name', ['--name', ''], 'client_id is missing'],
    ['a name that nobody has', ['--name', 'nobody'], 'no brain "nobody" is paired'],
  ])('an order with %s is refused, and recorded once', async (_, words, message) => {
    const row = await onlyRefusal(() => ask(alpha, ...ORDER, ...words), denied(message));
    expect(row).toMatchObject({ actor: 'unproven', action: 'OPEN_ORDER', code: 'NOT_AUTHORISED' });
    expect(row.reason).toContain(message);
    expect(await openPositions()).toEqual([]);
  });

  it("A's proof under B's name is refused, on A's connection as on B's", async () => {
    const message = 'under the key of "beta"';
    const fromA = await onlyRefusal(() => ask(alpha, ...ORDER, '--name', 'beta'), denied(message));
    expect(fromA).toMatchObject({ actor: 'unproven', code: 'NOT_AUTHORISED' });
    const fromB = await onlyRefusal(() => ask(beta, ...ORDER, '--mac-of', alpha.file), denied(message));
    expect(fromB).toMatchObject({ actor: 'unproven', code: 'NOT_AUTHORISED' });
    // A whole request of A that goes over B's connection is A's: the proof counts, not the way.
    const carried = await ask(alpha, 'GET_POSITIONS', '--keys-of', beta.file);
    expect(carried).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
  });

  it('each role may do what it is for, and nothing else', async () => {
    const order = await onlyRefusal(() => ask(reader, ...ORDER), denied('the role read'));
    expect(order).toMatchObject({ actor: 'reader', action: 'OPEN_ORDER' });
    const kill = await onlyRefusal(() => ask(reader, 'KILL_SWITCH'), denied('the role read'));
    expect(kill).toMatchObject({ actor: 'reader', action: 'KILL_SWITCH' });
    const question = await onlyRefusal(() => ask(killer, 'GET_POSITIONS'), denied('the role kill'));
    expect(question).toMatchObject({ actor: 'killer', action: 'GET_POSITIONS' });
    const alive = await ask(reader, 'HEARTBEAT');
    expect(alive).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS', data: { mode: 'TRADING' } } });
  });

  it('a kill without its proof halts nothing', async () => {
    await onlyRefusal(() => ask(killer, 'KILL_SWITCH', '--mac-of', 'random'), denied('HMAC-SHA-256'));
    const alive = await ask(reader, 'HEARTBEAT');
    expect(alive).toMatchObject({ outcome: 'reply', reply: { data: { mode: 'TRADING' } } });
  });

  it('a key that nobody knows is turned away, and recorded once', async () => {
    const refused = { outcome: 'turned away', event: 'AUTH', value: 400 };
    const row = await onlyRefusal(() => ask(alpha, ...ORDER, '--keys-of', 'random'), refused);
    expect(row).toMatchObject({ type: 'CONNECTION_REFUSED', actor: 'unproven', code: 'NOT_AUTHORISED' });
    expect(row.reason).toContain('a key that is not paired: 127.0.0.1');
  });

  it('a client without encryption is turned away, and recorded once', async () => {
    const refused = { outcome: 'turned away', event: 'PROTOCOL' };
    const row = await onlyRefusal(() => ask(alpha, ...ORDER, '--keys-of', 'none'), refused);
    expect(row).toMatchObject({ type: 'CONNECTION_REFUSED', code: 'NOT_AUTHORISED' });
    expect(row.reason).toContain('a connection without a key');
  });

  it('a brain that takes another gateway for its own is hung up on, and sends it nothing', async () => {
    expect(await ask(alpha, ...ORDER, '--server-key', 'random')).toMatchObject({
      outcome: 'turned away',
      event: 'HUNG UP',
    });
    expect(await openPositions()).toEqual([]);
  });

  it('a revoked brain is turned away, and recorded once', async () => {
    const gone = await gateway.pair('gone', 'trade');
    expect(await ask(gone, 'HEARTBEAT')).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
    await gateway.revoke('gone');
    const row = await onlyRefusal(() => ask(gone, ...ORDER), { outcome: 'turned away', event: 'AUTH', value: 400 });
    expect(row).toMatchObject({ type: 'CONNECTION_REFUSED' });
    // Its proof is worth nothing either, over the connection of a brain that is still paired.
    const proof = await onlyRefusal(
      () => ask(gone, ...ORDER, '--keys-of', alpha.file),
      denied('no brain "gone" is paired'),
    );
    expect(proof).toMatchObject({ type: 'CLIENT_REFUSED' });
  });

  it('a kill with its proof halts', async () => {
    const killed = await ask(killer, 'KILL_SWITCH');
    expect(killed).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
    const alive = await ask(reader, 'HEARTBEAT');
    expect(alive).toMatchObject({ outcome: 'reply', reply: { data: { mode: 'HALTED' } } });
  });
});

describe.runIf(hasSystemPackage('python3-zmq'))('a pairing that has expired', () => {
  it('lets its brain in no more, also over the connection of another, and keeps the others', async () => {
    const before = await EncryptedGateway.start();
    const late = await before.pair('late', 'trade');
    const other = await before.pair('other', 'trade');
    await before.stop();
    expireInFile(before.keyFile, 'late', Date.now() - 1_000);
    const gateway = await before.again();
    try {
      let seq = gateway.newestRow();
      expect(await ask(late, ...ORDER)).toMatchObject({ outcome: 'turned away', event: 'AUTH', value: 400 });
      const [row, ...more] = await gateway.refusalsAfter(seq);
      expect(row).toMatchObject({ type: 'CONNECTION_REFUSED', code: 'NOT_AUTHORISED' });
      expect(row?.reason).toContain('a pairing that has expired');
      expect(more).toEqual([]);
      seq = gateway.newestRow();
      expect(await ask(late, ...ORDER, '--keys-of', other.file)).toMatchObject(
        denied('the pairing of "late" has expired'),
      );
      expect(await gateway.refusalsAfter(seq)).toMatchObject([{ type: 'CLIENT_REFUSED', actor: 'late' }]);
      expect(await ask(other, ...ORDER)).toMatchObject({ outcome: 'reply', reply: { status: 'SUCCESS' } });
    } finally {
      await gateway.discard();
    }
  }, 120_000);

  it('ends in the middle of its stream when its time has come', async () => {
    const before = await EncryptedGateway.start();
    const late = await before.pair('late', 'read');
    await before.stop();
    const expiresMs = Date.now() + 12_000;
    expireInFile(before.keyFile, 'late', expiresMs);
    const gateway = await before.again();
    try {
      await using client = new ZmqClient({ connection: late.connection });
      let lastTickMs = 0;
      const listening = (async () => {
        const ticks = client.streamData();
        while ((await ticks.next()).done !== true) lastTickMs = Date.now();
      })();
      await pause(Math.max(0, expiresMs - Date.now()) + 3_000);
      client.close();
      await listening;
      expect(lastTickMs).toBeGreaterThan(expiresMs - 1_000);
      expect(lastTickMs).toBeLessThan(expiresMs + 1_500);
      expect(await ask(late, 'HEARTBEAT')).toMatchObject({ outcome: 'turned away', event: 'AUTH' });
    } finally {
      await gateway.discard();
    }
  }, 120_000);
});

/** Days are the least that a pairing can be given: the file of a gateway that does not run says it in milliseconds. */
function expireInFile(keyFile: string, name: string, expiresMs: number): void {
  const keys = JSON.parse(readFileSync(keyFile, 'utf8')) as { clients: { name: string; expires_ms: number | null }[] };
  const clients = keys.clients.map((client) => (client.name === name ? { ...client, expires_ms: expiresMs } : client));
  writeFileSync(keyFile, JSON.stringify({ ...keys, clients }));
}
