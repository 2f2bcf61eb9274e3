import { Context, Request } from 'zeromq';
import type { Clock } from '../clock.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import { isObject } from '../protocol/json-value.ts';

/** Whether the gateway answers as a client sees it. */
export type SelfTest = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Name under which the self-test appears among the clients. */
export const SELF_TEST_CLIENT = 'self-test';

const REQ_ID = 'self-test';

/** Sends a HEARTBEAT through the real command port, from a socket and context of its own, and reads the reply. */
export async function askHeartbeat(endpoint: string, clock: Clock, timeoutMs: number): Promise<SelfTest> {
  const socket = new Request({
    context: new Context(),
    linger: 0,
    sendTimeout: timeoutMs,
    receiveTimeout: timeoutMs,
  });
  try {
    socket.connect(reachable(endpoint));
    await socket.send(
      JSON.stringify({
        action: 'HEARTBEAT',
        req_id: REQ_ID,
        timestamp: clock.nowMs() / 1000,
        payload: {},
        client_id: SELF_TEST_CLIENT,
      }),
    );
    const [reply] = await socket.receive();
    return judge(reply?.toString() ?? '');
  } catch (error) {
    return { ok: false, message: `no answer on ${endpoint} within ${timeoutMs} ms (${String(error)})` };
  } finally {
    socket.close();
  }
}

function judge(text: string): SelfTest {
  const reply = parseTrustedJson(text);
  const isGood = isObject(reply) && reply['req_id'] === REQ_ID && reply['status'] === 'SUCCESS';
  return isGood ? { ok: true } : { ok: false, message: `a HEARTBEAT was answered with ${text.slice(0, 200)}` };
}

// A wildcard is an address to listen on, not one to connect to.
function reachable(endpoint: string): string {
  return endpoint.replace('tcp://0.0.0.0:', 'tcp://127.0.0.1:').replace('tcp://[::]:', 'tcp://[::1]:');
}
