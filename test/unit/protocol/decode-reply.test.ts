import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReply } from '../../../main/protocol/decode-reply.ts';
import { success, toReply } from '../../../main/protocol/envelope.ts';
import { encodeJson } from '../../../main/protocol/json.ts';

const decode = (body: object | string) =>
  decodeReply(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const containing = (words: string): unknown => expect.stringContaining(words);
const reply = { req_id: 'a', status: 'SUCCESS', timestamp: 1766800000.5, data: {}, error: null };

describe('decodeReply', () => {
  it('reads a reply of protocol 1.0', () => {
    expect(decode(reply)).toEqual({ ok: true, reply });
  });

  it('reads the keys of 1.1 and leaves those out that it does not know', () => {
    const more = { code: 'REJECTED', retcode: 10019, duplicate: true };
    const refused = { ...reply, status: 'ERROR', error: 'no money', ...more };
    expect(decode({ ...refused, colour: 'blue' })).toEqual({ ok: true, reply: refused });
  });

  it('reads what the gateway writes, tickets past 2^53 exactly', () => {
    const data = { ticket: 9007199254740993n, volume: 0.01, deals: [18446744073709551615n, 7] };
    const written = encodeJson(toReply('a', success(data, 10009), 1766800000500));
    expect(decode(written)).toEqual({ ok: true, reply: { ...reply, data, code: null, retcode: 10009 } });
  });

  it.each([0, '', false, null, []])('reads data of %j', (data) => {
    expect(decode({ ...reply, data })).toEqual({ ok: true, reply: { ...reply, data } });
  });

  it.each<[name: string, body: object | string, words: string]>([
    ['no JSON', 'hello', 'JSON'],
    ['a list', [], 'object'],
    ['null', 'null', 'object'],
    ...Object.keys(reply).map((key): [string, object, string] => [`no ${key}`, { ...reply, [key]: undefined }, key]),
    ['a req_id that is a number', { ...reply, req_id: 7 }, 'req_id'],
    ['an unknown status', { ...reply, status: 'OK' }, 'status'],
    ['a status from the prototype', { ...reply, status: 'toString' }, 'status'],
    ['a timestamp as text', { ...reply, timestamp: '1' }, 'timestamp'],
    ['an error that is an object', { ...reply, error: {} }, 'error'],
  ])('refuses %s and says which', (_name, body, words) => {
    expect(decode(body)).toEqual({ ok: false, message: containing(words) });
  });

  it('does not lose an order over a key of 1.1 that has another type', () => {
    expect(decode({ ...reply, code: 5, retcode: 'x', duplicate: 'yes' })).toEqual({ ok: true, reply });
  });

  it('refuses bytes that are not UTF-8, and never throws', () => {
    expect(decodeReply(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ ok: false });
    expect(decode(`{"data":${'['.repeat(50_000)}9007199254740993${']'.repeat(50_000)}}`)).toMatchObject({ ok: false });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        expect(decodeReply(random).ok).toBe(false);
      }),
    );
  });

  it('needs neither the schemas nor anything outside its folder', () => {
    const loaded = importsOf(join(import.meta.dirname, '../../../main/protocol/decode-reply.ts'));
    expect([...loaded].filter((name) => !name.startsWith('.'))).toEqual([]);
    expect([...loaded].filter((name) => /payloads|envelope|decode\./.test(name))).toEqual([]);
  });
});

/** What a file loads when it is imported, directly and through others; imports of types alone load nothing. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type ).*from '(.+)';$/gm)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith('.')) importsOf(join(dirname(file), name), seen);
  }
  return seen;
}
