import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  accountView,
  candleView,
  dealView,
  orderView,
  positionView,
  symbolView,
  tickView,
} from '../../../main/gateway/wire-view.ts';
import type { Account, Candle, Deal, Order, Position, SymbolSpec, Tick } from '../../../main/mt5/market.ts';
import { Action } from '../../../main/protocol/actions.ts';
import { ERROR_CODES } from '../../../main/protocol/codes.ts';
import { decodeReply } from '../../../main/protocol/decode-reply.ts';
import { decodeRequest } from '../../../main/protocol/decode.ts';
import { EVENT_KINDS, eventTopic, type EventKind } from '../../../main/protocol/events.ts';
import { parseTrustedJson } from '../../../main/protocol/json.ts';
import { isObject } from '../../../main/protocol/json-value.ts';
import { PAYLOAD_SCHEMAS } from '../../../main/protocol/payloads.ts';
import { protectRule } from '../../../main/safety/protect-rule.ts';
import type { Cause, TradingState } from '../../../main/safety/trading-state.ts';
import { tickTopic } from '../../../main/protocol/ticks.ts';

const docs = join(import.meta.dirname, '../../../docs');
const read = (file: string) => readFileSync(join(docs, file), 'utf8');
const page = read('PROTOCOL.md');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)\n\`\`\`$`, 'gms'))].map(([, text = '']) => text);

/** A request or reply, as far as it is looked at here. */
interface Message {
  readonly req_id: string;
  readonly action?: string;
  readonly data: unknown;
}
const examples = blocks('json').map((text) => ({ text, value: parseTrustedJson(text) as unknown as Message }));
const requests = examples.filter(({ value }) => 'action' in value);
const replies = examples.filter(({ value }) => 'status' in value);

const CAUSE: Cause = {
  ...{ kind: 'LIMIT', mode: 'REDUCE_ONLY', atMs: 0, actor: 'gateway', standing: false },
  reason: 'daily loss',
};
const REDUCED: TradingState = {
  ...{ mode: 'REDUCE_ONLY', flatten: 'none', flattenPhase: 'NONE', epoch: 2, recorded: true, causes: [] },
  sinceMs: Date.UTC(2025, 11, 27, 1, 46, 45),
};

describe('docs/PROTOCOL.md', () => {
  it('has nothing but requests and replies in its JSON blocks', () => {
    expect(requests.length + replies.length).toBe(examples.length);
  });

  it.each(requests.map(({ text, value }) => [value.req_id, text] as const))(
    'shows request %s, which is valid',
    (_id, text) => {
      expect(decodeRequest(Buffer.from(text))).toMatchObject({
        kind: expect.stringMatching('request|kill') as unknown,
      });
    },
  );

  it.each(replies.map(({ text, value }) => [value.req_id, text] as const))(
    'shows reply %s, which is valid',
    (_id, text) => {
      const decoded = decodeReply(Buffer.from(text));
      expect(decoded.ok).toBe(true);
      if (!decoded.ok) return;
      const { status, code, error } = decoded.reply;
      expect((status === 'SUCCESS') === (code === null && error === null)).toBe(true);
      if (typeof code === 'string') expect(ERROR_CODES).toContain(code);
    },
  );

  it.each(Object.keys(PAYLOAD_SCHEMAS))('shows a request for %s, and a reply to it', (action) => {
    const shown = requests.filter(({ value }) => value.action === action).map(({ value }) => value.req_id);
    expect(shown.length).toBeGreaterThan(0);
    for (const reqId of shown) expect(replies.map(({ value }) => value.req_id)).toContain(reqId);
  });

  it.each(Object.entries(PAYLOAD_SCHEMAS).filter(([, schema]) => 'shape' in schema))(
    'explains every field of the payload of %s',
    (action, schema) => {
      const [section = ''] = page.split(new RegExp(`^### ${action}\\b`, 'm'))[1]?.split(/^##/m) ?? [];
      const inherited = action === 'GET_ORDERS' ? page : section;
      for (const field of Object.keys((schema as { shape: object }).shape)) expect(inherited).toContain(`\`${field}\``);
    },
  );

  it.each(Object.values(Action))('names the action %s', (action) => {
    expect(page).toMatch(new RegExp(`^\\| .*\`${action}\``, 'm'));
  });

  it.each(ERROR_CODES)('explains the code %s', (code) => {
    expect(page).toMatch(new RegExp(`^\\| \`${code}\` +\\|`, 'm'));
  });

  it.each(EVENT_KINDS)('explains the event %s', (kind) => {
    expect(page).toMatch(new RegExp(`^\\| \`${kind}\` +\\|`, 'm'));
  });

  it.each<[reqId: string, sent: object]>([
    ['acc-1', accountView({} as Account)],
    ['pos-1', positionView({} as Position)],
    ['ord-1', orderView({} as Order)],
    ['sym-1', symbolView({} as SymbolSpec)],
    ['sym-2', symbolView({} as SymbolSpec)],
    ['tick-1', tickView({} as Tick)],
    ['candles-1', candleView({} as Candle)],
    ['history-1', { deals: [], orders: [], truncated: false }],
  ])('shows in reply %s exactly the keys that the gateway sends, in its order', (reqId, sent) => {
    const [shown] = replies.filter(({ value }) => value.req_id === reqId).flatMap(({ value }) => value.data);
    expect(Object.keys(shown as object)).toEqual(Object.keys(sent));
  });

  it('shows deals and orders of a history with exactly the keys that the gateway sends, in its order', () => {
    const history = replies.find(({ value }) => value.req_id === 'history-1')?.value.data as Record<string, object[]>;
    expect(Object.keys(history['deals']?.[0] ?? {})).toEqual(Object.keys(dealView({} as Deal)));
    expect(Object.keys(history['orders']?.[0] ?? {})).toEqual(Object.keys(orderView({} as Order)));
  });

  it('shows the refusal of a looser stop as the gateway words it', () => {
    const shown = replies.find(({ value }) => value.req_id === 'modify-2')?.value as { error?: string } | undefined;
    const state = { ...REDUCED, causes: [CAUSE] };
    expect(shown?.error).toBe(protectRule(state, { side: 'BUY', sl: 1.165 }, 1.16)?.message);
  });

  it('shows a tick and an event as they stand on the wire, which their topics select', () => {
    const [tick = '', event = ''] = blocks('text');
    const { symbol } = JSON.parse(tick) as { symbol: string };
    expect(tick.startsWith(tickTopic(symbol))).toBe(true);
    const { event: kind } = JSON.parse(event) as { event: EventKind };
    expect(event.startsWith(eventTopic(kind))).toBe(true);
    for (const line of [tick, event]) expect(line).toBe(JSON.stringify(JSON.parse(line)));
    expect(isObject(parseTrustedJson(event))).toBe(true);
  });

  it.each([
    ['python', 'examples/client.py'],
    ['ts', 'examples/client.ts'],
  ])('shows the %s example as it is in docs/%s', (language, file) => {
    expect(blocks(language)).toContain(read(file).trimEnd());
  });
});
