import { Context, Request } from 'zeromq';
import type { Clock } from '../clock.ts';
import { SELF_TEST_CLIENT } from '../protocol/constants.ts';
import { isIpv6 } from '../protocol/endpoint.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import { isObject } from '../protocol/json-value.ts';
import type { OwnClient } from '../security/port-guard.ts';

/** Whether the gateway answers as a client sees it. */
export type SelfTest = { readonly ok: true } | { readonly ok: false; readonly message: string };

const REQ_ID = 'self-test';
const PLAIN: OwnClient = { socket: {}, frames: (body) => [body] };

/** Sends a HEARTBEAT through the real command port, from a socket and context of its own, and reads the reply. */
export async function askHeartbeat(
  endpoint: string,
  clock: Clock,
  timeoutMs: number,
  own: OwnClient = PLAIN,
): Promise<SelfTest> {
  const socket = new Request({
    context: new Context(),
    linger: 0,
    sendTimeout: timeoutMs,
    receiveTimeout: timeoutMs,
    ipv6: isIpv6(endpoint),
    ...own.socket,
  });
  try {
    socket.connect(reachable(endpoint));
    const timestamp = clock.nowMs() / 1000;
    const request = { action: 'HEARTBEAT', req_id: REQ_ID, timestamp, payload: {}, client_id: SELF_TEST_CLIENT };
    await socket.send(own.frames(JSON.stringify(request)));
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

/** A wildcard is an address to listen on, not one to connect to. */
export function reachable(endpoint: string): string {
  return endpoint.replace('tcp://0.0.0.0:', 'tcp://127.0.0.1:').replace('tcp://[::]:', 'tcp://[::1]:');
}
