import { assertNever } from '../assert-never.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { isTradingAction } from '../protocol/actions.ts';
import { type Answer, failure } from '../protocol/envelope.ts';
import { type ErrorCode, type Refusal, refusal } from '../protocol/codes.ts';
import { ANONYMOUS_CLIENT, UNPROVEN_CLIENT } from '../protocol/constants.ts';
import { type Decoded, type DecodedRefusal, type DecodedRequest, decodeRequest } from '../protocol/decode.ts';
import type { Head } from '../protocol/request-head.ts';
import type { Claim, Proved } from '../security/port-guard.ts';
import type { ClientRegistry } from './client-registry.ts';
import { Exchange } from './exchange.ts';
import { isQueryRequest, type Queries, type QueryRequest } from './queries.ts';
import type { RequestRate } from './request-rate.ts';
import { isTradeRequest } from './trade.ts';
import type { TradingLane } from './trading-lane.ts';
import type { Urgent, UrgentLane } from './urgent-lane.ts';

/** A request as it came: its body, what came behind that, and which connection it came by. */
export interface Received {
  readonly body: Uint8Array;
  readonly surplus: readonly Uint8Array[];
  /** Tells connections apart, for their rates; it proves nothing. */
  readonly connection: string;
}

/**
 * Whose a request is, and whether that client may ask this: asked for every request, KILL_SWITCH included. Absent where
 * everyone who can connect may do everything.
 */
export type Admit = (body: Uint8Array, proof: readonly Uint8Array[], claim: Claim) => Proved;

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly registry: ClientRegistry;
  readonly urgent: UrgentLane;
  readonly lane: TradingLane;
  readonly queries: Queries;
  readonly admit?: Admit | undefined;
  /** Whether a connection may ask once more now; always, where there is none. */
  readonly rate?: Pick<RequestRate, 'take'> | undefined;
  readonly countReject: (code: ErrorCode) => void;
}

/**
 * A request's way: receive → decode → whose it is and whether they may → by its kind. KILL_SWITCH, HEARTBEAT and BYE are
 * acted on in the turn in which they come and wait for nothing. Queries run beside each other. Trading commands go through
 * the trading lane: deduplicate → age → mode and limits → record intent → mode again → execute → record outcome → reply.
 */
export class Dispatcher {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Takes one request; `reply` is called exactly once, now or later. Never throws. */
  receive(received: Received, reply: (text: string) => void): void {
    const decoded = this.#decode(received);
    const head = headOf(decoded);
    const proved = this.#prove(decoded, received);
    const { client } = proved;
    const exchange = new Exchange(
      head.reqId,
      () => this.#ports.clock.nowMs(),
      reply,
      (answer) => {
        if (answer.status !== 'ERROR') return;
        this.#ports.countReject(answer.code);
        this.#ports.registry.rejected(client, answer.code);
      },
    );
    try {
      this.#act(decoded, client, this.#denied(decoded, proved, received.connection), exchange);
    } catch (error) {
      this.#ports.log.error('request-failed', { action: head.action, error });
      exchange.answer(failure(refusal('INTERNAL', 'the gateway failed on this request')));
    }
  }

  /** Without a proof a request is one frame; a KILL_SWITCH halts all the same. */
  #decode({ body, surplus }: Received): Decoded {
    const decoded = decodeRequest(body);
    if (this.#ports.admit !== undefined || surplus.length === 0 || decoded.kind === 'kill') return decoded;
    const why = refusal('MALFORMED', `a request is one frame; this one had ${surplus.length + 1}`);
    return { kind: 'refused', ...headOf(decoded), refusal: why, envelope: null };
  }

  #prove(decoded: Decoded, { body, surplus }: Received): Proved {
    const { admit } = this.#ports;
    const { clientId, action } = headOf(decoded);
    if (admit === undefined) return { ok: true, client: clientId ?? ANONYMOUS_CLIENT };
    // What could not even be read is refused as that: nobody has to prove that it is theirs.
    if (decoded.kind === 'refused' && clientId === null && !isReadable(decoded))
      return { ok: true, client: UNPROVEN_CLIENT };
    return admit(body, surplus, { clientId, action, renewsLease: renewsLease(decoded) });
  }

  /** Why it is not acted on, or null. A KILL_SWITCH has no rate. */
  #denied(decoded: Decoded, proved: Proved, connection: string): Refusal | null {
    if (!proved.ok) return proved.refusal;
    const { rate } = this.#ports;
    return decoded.kind === 'kill' || rate === undefined ? null : rate.take(connection);
  }

  #act(decoded: Decoded, client: string, denied: Refusal | null, exchange: Exchange): void {
    const { registry, urgent } = this.#ports;
    const { action } = headOf(decoded);
    // What must not wait is acted on before any bookkeeping.
    const taken = denied === null ? urgent.take(decoded, client, exchange) : 'not-urgent';
    registry.seen(client, action, sentAt(decoded));
    if (denied !== null) this.#refuse(decoded, client, denied, exchange);
    else if (taken !== 'not-urgent') this.#note(taken, decoded, client);
    else if (decoded.kind === 'refused') this.#takeRefused(decoded, client, exchange);
    else if (decoded.kind === 'request') this.#perform(decoded.request, client, exchange);
  }

  /** The bookkeeping of what was acted on at once. A kill has rows of its own. */
  #note(taken: Exclude<Urgent, 'not-urgent'>, decoded: Decoded, client: string): void {
    const { registry } = this.#ports;
    if (decoded.kind !== 'request') return;
    const { action } = decoded.request;
    if (taken === 'answered') registry.asked(client, action);
    else registry.refusedQuery(client, action, taken.code, taken.message);
    if (action === 'BYE') registry.left(client);
  }

  #perform(request: DecodedRequest, client: string, exchange: Exchange): void {
    if (isTradeRequest(request)) this.#ports.lane.receive(client, request, request, exchange);
    else if (isQueryRequest(request)) void this.#query(request, client, exchange);
    else throw new Error(`${request.action} has no lane`);
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

/** Whether a refused request has anything in it that tells what was asked. */
function isReadable({ reqId, action }: DecodedRefusal): boolean {
  return reqId !== null || action !== null;
}

function renewsLease(decoded: Decoded): boolean {
  if (decoded.kind !== 'request' || decoded.request.action !== 'HEARTBEAT') return false;
  const { lease_s: leaseS, on_expiry: onExpiry } = decoded.request.payload;
  return leaseS !== undefined || onExpiry !== undefined;
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
