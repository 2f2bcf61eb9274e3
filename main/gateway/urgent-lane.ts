import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { failure, success } from '../protocol/envelope.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Decoded, RequestOf } from '../protocol/decode.ts';
import type { DecodedKill } from '../protocol/decode-kill.ts';
import { DEFAULT_LEASE_ACTION } from '../protocol/payloads.ts';
import { killTrigger } from '../safety/kill-trigger.ts';
import type { KillReport, LeaseDesk, Safety } from '../safety/safety-port.ts';
import { beforeDeadline } from './deadline.ts';
import type { Exchange } from './exchange.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { KillMemory } from './kill-memory.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly safety: Safety;
  readonly alive: Heartbeat;
  readonly kills: KillMemory;
  /** Without them no lease is granted. */
  readonly leases?: LeaseDesk | undefined;
}

/** What became of a message here: answered, refused with an answer, or nothing, since it is not urgent. */
export type Urgent = 'answered' | 'not-urgent' | Refusal;

/** A kill's report comes within a second; this is for the case that it never does. */
const KILL_REPORT_LIMIT_MS = 1_400;

/** What is acted on in the turn in which it comes, and waits for nothing: KILL_SWITCH, HEARTBEAT, and the end of a lease. */
export class UrgentLane {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Acts on a message if it is urgent. */
  take(decoded: Decoded, client: string, exchange: Exchange): Urgent {
    if (decoded.kind === 'kill') return this.#kill(decoded, client, exchange);
    if (decoded.kind !== 'request') return 'not-urgent';
    const { request } = decoded;
    if (request.action === 'HEARTBEAT') return this.#heartbeat(request, client, exchange);
    return request.action === 'BYE' ? this.#bye(client, exchange) : 'not-urgent';
  }

  /** The halt comes first; nothing stands before it but reading the message and whether the client may. */
  #kill({ payload, defects, reqId }: DecodedKill, client: string, exchange: Exchange): Urgent {
    const { safety, kills, log } = this.#ports;
    safety.raise(killTrigger(payload, client));
    log.warn('kill-switch', { client, req_id: reqId, flatten: payload.flatten, defects });
    const answered = reqId === null ? () => {} : kills.remember({ client, reqId });
    void this.#reportKill(exchange, answered);
    return 'answered';
  }

  /** The halt is in force whatever the report says, so the answer is SUCCESS. */
  async #reportKill(exchange: Exchange, answered: ReturnType<KillMemory['remember']>): Promise<void> {
    const { safety, clock, log } = this.#ports;
    const report = await beforeDeadline(clock, KILL_REPORT_LIMIT_MS, safety.killReport(), () => NO_REPORT).catch(
      (error: unknown): KillReport => {
        log.error('kill-report-failed', { error });
        return NO_REPORT;
      },
    );
    const { mode, epoch, recorded } = safety.state();
    const data = { ...report, timestamp: clock.nowMs() / 1000, mode, epoch, recorded };
    exchange.answer(success(data));
    answered(data);
  }

  #heartbeat({ payload }: RequestOf<'HEARTBEAT'>, client: string, exchange: Exchange): Urgent {
    const { alive } = this.#ports;
    const { lease_s: leaseS, on_expiry: onExpiry } = payload;
    if (leaseS === undefined && onExpiry === undefined) {
      exchange.answerText(alive.dataText());
      return 'answered';
    }
    if (leaseS === undefined) return refuse(exchange, EXPIRY_OF_NOTHING);
    const { leases } = this.#ports;
    const refused = leases === undefined ? NO_LEASES : leases.renew(client, leaseS, onExpiry ?? DEFAULT_LEASE_ACTION);
    if (refused !== null) return refuse(exchange, refused);
    exchange.answerText(alive.leaseText(leaseS));
    return 'answered';
  }

  #bye(client: string, exchange: Exchange): Urgent {
    exchange.answer(success({ lease_ended: this.#ports.leases?.end(client) ?? false }));
    return 'answered';
  }
}

function refuse(exchange: Exchange, why: Refusal): Refusal {
  exchange.answer(failure(why));
  return why;
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
const EXPIRY_OF_NOTHING = refusal(
  'INVALID_PAYLOAD',
  'on_expiry says what is to happen at the end of a lease: it needs lease_s; got nothing',
);
