import { assertNever } from '../assert-never.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { isTradingAction } from '../protocol/actions.ts';
import { type Answer, failure, success } from '../protocol/envelope.ts';
import { type Refusal, refusal } from '../protocol/codes.ts';
import { ANONYMOUS_CLIENT } from '../protocol/constants.ts';
import { type Decoded, type DecodedRefusal, type DecodedRequest, decodeRequest } from '../protocol/decode.ts';
import type { DecodedKill } from '../protocol/decode-kill.ts';
import type { Head } from '../protocol/request-head.ts';
import { killTrigger } from '../safety/kill-trigger.ts';
import type { KillReport, Safety } from '../safety/safety-port.ts';
import type { ClientRegistry } from './client-registry.ts';
import { beforeDeadline } from './deadline.ts';
import { Exchange } from './exchange.ts';
import { Heartbeat, type Identity } from './heartbeat.ts';
import type { Queries, QueryRequest } from './queries.ts';
import { isTradeRequest } from './trade.ts';
import type { TradingLane } from './trading-lane.ts';

/** Whether a client may do what it asks for; null when it may. Asked for every request, KILL_SWITCH included. */
export type Authorise = (who: { readonly client: string; readonly action: string | null }) => Refusal | null;

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
  readonly registry: ClientRegistry;
  readonly lane: TradingLane;
  readonly queries: Queries;
  readonly authorise: Authorise;
}

/** A kill's report comes within a second; this is for the case that it never does. */
const KILL_REPORT_LIMIT_MS = 1_400;

/**
 * A request's way: receive → decode → authorise, then by its kind. KILL_SWITCH and HEARTBEAT are acted on in the turn in
 * which they come and wait for nothing. Queries run beside each other. Trading commands go through the trading lane:
 * deduplicate → age → mode and limits → record intent → mode again → execute → record outcome → reply.
 */
export class Dispatcher {
  readonly #alive: Heartbeat;
  readonly #ports: Ports;

  constructor(identity: Identity, ports: Ports) {
    this.#alive = new Heartbeat(identity, ports);
    this.#ports = ports;
  }

  /** Takes the body of one request; `reply` is called exactly once, now or later. Never throws. */
  receive(body: Uint8Array, surplusFrames: number, reply: (text: string) => void): void {
    const decoded = decode(body, surplusFrames);
    const head = headOf(decoded);
    const client = head.clientId ?? ANONYMOUS_CLIENT;
    const exchange = new Exchange(
      head.reqId,
      () => this.#ports.clock.nowMs(),
      reply,
      (answer) => {
        if (answer.status === 'ERROR') this.#ports.registry.rejected(client, answer.code);
      },
    );
    try {
      this.#act(decoded, client, exchange);
    } catch (error) {
      this.#ports.log.error('request-failed', { action: head.action, error });
      exchange.answer(failure(refusal('INTERNAL', 'the gateway failed on this request')));
    }
  }

  #act(decoded: Decoded, client: string, exchange: Exchange): void {
    const { registry, authorise } = this.#ports;
    const { action } = headOf(decoded);
    const denied = authorise({ client, action });
    // What must not wait is acted on before any bookkeeping.
    const isUrgent = denied === null && this.#actAtOnce(decoded, client, exchange);
    registry.seen(client, action, sentAt(decoded));
    if (denied !== null) this.#refuse(decoded, client, denied, exchange);
    else if (decoded.kind === 'refused') this.#takeRefused(decoded, client, exchange);
    else if (decoded.kind === 'request' && isUrgent) registry.asked(client, decoded.request.action);
    else if (decoded.kind === 'request') this.#perform(decoded.request, client, exchange);
  }

  /** KILL_SWITCH and HEARTBEAT; false for everything else. */
  #actAtOnce(decoded: Decoded, client: string, exchange: Exchange): boolean {
    if (decoded.kind === 'kill') {
      this.#kill(decoded, client, exchange);
      return true;
    }
    if (decoded.kind !== 'request' || !isPlainHeartbeat(decoded.request)) return false;
    return exchange.answerText(this.#alive.dataText());
  }

  #perform(request: DecodedRequest, client: string, exchange: Exchange): void {
    if (request.action === 'HEARTBEAT') exchange.answer(failure(NO_LEASES));
    else if (isTradeRequest(request)) this.#ports.lane.receive(client, request, request, exchange);
    else void this.#query(request, client, exchange);
  }

  /** The halt comes first; nothing stands before it but reading the message and whether the client may. */
  #kill({ payload, defects, reqId }: DecodedKill, client: string, exchange: Exchange): void {
    const { safety, log } = this.#ports;
    safety.raise(killTrigger(payload, client));
    log.warn('kill-switch', { client, req_id: reqId, flatten: payload.flatten, defects });
    void this.#reportKill(exchange);
  }

  /** The halt is in force whatever the report says, so the answer is SUCCESS. */
  async #reportKill(exchange: Exchange): Promise<void> {
    const { safety, clock, log } = this.#ports;
    const report = await beforeDeadline(clock, KILL_REPORT_LIMIT_MS, safety.killReport(), () => NO_REPORT).catch(
      (error: unknown): KillReport => {
        log.error('kill-report-failed', { error });
        return NO_REPORT;
      },
    );
    const { mode, epoch, recorded } = safety.state();
    const timestamp = clock.nowMs() / 1000;
    exchange.answer(success({ ...report, timestamp, mode, epoch, recorded }));
  }

  async #query(request: QueryRequest, client: string, exchange: Exchange): Promise<void> {
    const { queries, registry, log } = this.#ports;
    registry.asked(client, request.action);
    const answer = await queries.answer(request, client).catch((error: unknown): Answer => {
      log.error('query-failed', { action: request.action, error });
      return failure(refusal('INTERNAL', 'the gateway failed on this query'));
    });
    if (answer.status === 'ERROR') registry.refusedQuery(client, request.action, answer.code, answer.error);
    exchange.answer(answer);
  }

  /** What cannot run as it is. A well-formed trading command goes through its lane: it uses its `req_id` up. */
  #takeRefused(refused: DecodedRefusal, client: string, exchange: Exchange): void {
    const { envelope, refusal: why } = refused;
    if (envelope !== null && isTradingAction(envelope.action)) {
      this.#ports.lane.receive(client, envelope, why, exchange);
      return;
    }
    this.#refuse(refused, client, why, exchange);
  }

  #refuse(decoded: Decoded, client: string, why: Refusal, exchange: Exchange): void {
    exchange.answer(failure(why));
    this.#ports.registry.refusedQuery(client, headOf(decoded).action, why.code, why.message);
  }
}

const NO_REPORT: KillReport = {
  positions_closed: 0,
  total_positions: 0,
  orders_cancelled: 0,
  flatten: 'UNKNOWN',
  tickets: [],
};

const NO_LEASES = refusal(
  'UNSUPPORTED',
  'lease_s: this gateway grants no leases, so it would not act when you fall silent',
);

/** A request is one frame; a KILL_SWITCH halts all the same. */
function decode(body: Uint8Array, surplusFrames: number): Decoded {
  const decoded = decodeRequest(body);
  if (surplusFrames === 0 || decoded.kind === 'kill') return decoded;
  const why = refusal('MALFORMED', `a request is one frame; this one had ${surplusFrames + 1}`);
  return { kind: 'refused', ...headOf(decoded), refusal: why, envelope: null };
}

function isPlainHeartbeat(request: DecodedRequest): boolean {
  return request.action === 'HEARTBEAT' && request.payload.lease_s === undefined;
}

function headOf(decoded: Decoded): Head {
  return decoded.kind === 'request' ? decoded.request : decoded;
}

/** The client's clock, where the request says it. */
function sentAt(decoded: Decoded): number | null {
  switch (decoded.kind) {
    case 'request':
      return decoded.request.sentAtMs;
    case 'kill':
      return decoded.sentAtMs;
    case 'refused':
      return decoded.envelope?.sentAtMs ?? null;
    default:
      return assertNever(decoded, 'decoded request');
  }
}
