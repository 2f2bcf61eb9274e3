import { randomUUID } from 'node:crypto';
import { Context, Request } from 'zeromq';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { hostIn } from '../hosts.ts';

type Reply = Readonly<Record<string, unknown>>;

const TRY_AGAIN_AFTER_MS = 500;

function requestBytes(action: string, payload: object = {}): { readonly reqId: string; readonly bytes: string } {
  const reqId = randomUUID();
  return { reqId, bytes: JSON.stringify({ action, req_id: reqId, timestamp: Date.now() / 1_000, payload }) };
}

function connected(endpoint: string, isRelaxed: boolean): Request {
  const socket = new Request({
    context: new Context(),
    linger: 0,
    receiveTimeout: isRelaxed ? TRY_AGAIN_AFTER_MS : 5_000,
  });
  socket.relaxed = isRelaxed;
  socket.correlate = isRelaxed;
  socket.connect(endpoint);
  onTestFinished(() => socket.close());
  return socket;
}

/** Sends until there is a reply. A relaxed REQ gives up its connection where it goes on without waiting, so a try may be lost. */
async function ask(socket: Request, bytes: string): Promise<Reply> {
  for (;;) {
    await socket.send(bytes);
    const frames = await socket.receive().catch(() => null);
    if (frames !== null) return JSON.parse(String(frames[0])) as Reply;
  }
}

test('exactly once 27: a relaxed REQ that goes on without waiting gets no late reply for another, and asks again safely', async () => {
  const { endpoints } = await hostIn(temporaryFolder(), { paperLatencyMs: 300 });
  const relaxed = connected(endpoints.command, true);
  const plain = connected(endpoints.command, false);
  const positions = async () => {
    const asked = requestBytes('GET_POSITIONS');
    const reply = await ask(relaxed, asked.bytes);
    expect(reply).toMatchObject({ req_id: asked.reqId, status: 'SUCCESS' });
    return reply['data'] as readonly object[];
  };

  expect(await positions()).toEqual([]);
  const order = requestBytes('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
  await relaxed.send(order.bytes);
  const isTaken = async () => {
    const known = await ask(plain, requestBytes('GET_COMMAND', { req_id: order.reqId }).bytes);
    return known['status'] === 'SUCCESS';
  };
  while (!(await isTaken()));
  while ((await positions()).length === 0);
  for (let n = 0; n < 5; n += 1) expect(await positions()).toHaveLength(1);
  const again = await ask(relaxed, order.bytes);
  expect(again).toMatchObject({ req_id: order.reqId, status: 'SUCCESS', duplicate: true });
  expect(await positions()).toHaveLength(1);
});
