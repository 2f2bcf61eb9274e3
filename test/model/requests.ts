import type { CommandRow } from '../../main/audit/command-record.ts';
import type { Reply } from '../../main/protocol/envelope.ts';
import type { JsonObject } from '../../main/protocol/json-value.ts';
import { encodeJson, parseTrustedJson } from '../../main/protocol/json.ts';
import { Breach, type Property } from './breach.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { Ledger } from './ledger.ts';
import type { Reached } from './reached.ts';
import type { Client } from './steps.ts';
import { received } from '../fakes/received.ts';

type LooseReply = Omit<Reply, 'data'> & { readonly data: Record<string, unknown> };

/** A request that a client has sent. */
export interface Sent {
  readonly client: Client;
  readonly reqId: string;
  readonly kind: 'trade' | 'kill' | 'other';
  readonly body: JsonObject;
}

interface Awaited extends Sent {
  readonly process: GatewayProcess;
  readonly sentMs: number;
  /** The same `req_id` was sent before. */
  readonly isRepeat: boolean;
  replies: number;
}

/** A reply comes within this time: the deadline of commands, in milliseconds. */
const REPLY_LIMIT_MS = 1_500;
const DONE = ['DONE', 'PARTIAL', 'PLACED'];
/** What was refused so could not be recorded: the same request may run in a later session. */
const NOT_RECORDED = ['AUDIT_UNAVAILABLE', 'BUSY'];

/** Sends the requests of all clients and checks what comes back. */
export class Requests {
  readonly #ledger: Ledger;
  readonly #breach: (breach: Breach) => void;
  readonly #reached: (state: Reached) => void;
  readonly #awaited = new Set<Awaited>();
  readonly #keys = new Set<string>();

  constructor(ledger: Ledger, breach: (breach: Breach) => void, reached: (state: Reached) => void) {
    this.#ledger = ledger;
    this.#breach = breach;
    this.#reached = reached;
  }

  /** Hands a request to the gateway, in this turn. */
  send(process: GatewayProcess, sent: Sent, text = encodeJson(sent.body), surplusFrames = 0): void {
    const key = `${sent.client} ${sent.reqId}`;
    const isRepeat = this.#keys.has(key);
    this.#keys.add(key);
    const awaited: Awaited = { ...sent, process, isRepeat, sentMs: process.clock.monoMs(), replies: 0 };
    this.#awaited.add(awaited);
    process.core.dispatcher.receive(received(Buffer.from(text), surplusFrames), (reply) => {
      if (!process.isDead) this.#replied(awaited, parseTrustedJson(reply) as unknown as LooseReply);
    });
  }

  /** Whether a trading request waits for its answer. */
  get hasOpenTrade(): boolean {
    return [...this.#awaited].some(({ kind, replies }) => kind === 'trade' && replies === 0);
  }

  /** Checks that nothing is overdue in the gateway of now; a dead one owes nothing. */
  checkOverdue(process: GatewayProcess): void {
    const nowMs = process.clock.monoMs();
    for (const awaited of this.#awaited) {
      if (awaited.replies > 0 || awaited.process !== process) this.#awaited.delete(awaited);
      else if (nowMs - awaited.sentMs > REPLY_LIMIT_MS) {
        this.#fail(awaited.kind === 'kill' ? 'kill-is-answered' : 'one-reply', `${awaited.reqId} was not answered`);
      }
    }
  }

  #replied(awaited: Awaited, reply: LooseReply): void {
    awaited.replies += 1;
    if (awaited.replies > 1) this.#fail('one-reply', `${awaited.reqId} was answered ${awaited.replies} times`);
    if (awaited.kind === 'kill') this.#checkKill(awaited, reply);
    if (awaited.kind === 'trade') this.#checkTrade(awaited, reply);
  }

  #checkKill({ process, reqId }: Awaited, { status, data }: LooseReply): void {
    const { mode, epoch } = process.safety.state();
    if (status !== 'SUCCESS') this.#fail('kill-is-answered', `${reqId} was answered ${status}`);
    if (data['mode'] !== mode || data['epoch'] !== epoch) {
      this.#fail('kill-is-answered', `${reqId} was told ${String(data['mode'])}, and the mode is ${mode}`);
    }
  }

  #checkTrade({ client, reqId, process, isRepeat }: Awaited, { status, code }: LooseReply): void {
    if (status === 'SUCCESS') {
      const isDone = (row: CommandRow) =>
        row.actor === client && row.reqId === reqId && DONE.includes(row.status ?? '');
      const isRecorded = process.surroundings.audit.rows.some((row) => row.type === 'OUTCOME' && isDone(row));
      if (!isRecorded)
        this.#fail('record-before-reply', `${client} ${reqId} was told SUCCESS before its outcome was on disk`);
      this.#reached('a trade succeeded');
    } else if (status === 'ERROR' && code !== 'REQ_ID_REUSED') {
      const isForGood = !NOT_RECORDED.includes(code ?? '');
      // Where nothing can be recorded, nothing can be looked up either: that speaks of the repeat alone.
      if (isForGood || !isRepeat) this.#ledger.refused(client, reqId, code ?? '', isForGood);
    } else if (status === 'PENDING') {
      this.#reached('a trade was answered PENDING');
    }
  }

  #fail(property: Property, what: string): void {
    this.#breach(new Breach(property, what));
  }
}
