import { assertNever } from '../assert-never.ts';
import type { AuditLog, CommandKey, CommandRecord } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Mt5Handler, Query } from '../mt5/handler.ts';
import { isTradingAction, type TradingAction } from '../protocol/actions.ts';
import { type Answer, failure, success } from '../protocol/envelope.ts';
import { refusal } from '../protocol/codes.ts';
import type { DecodedRequest, RequestOf } from '../protocol/decode.ts';
import type { JsonValue } from '../protocol/json-value.ts';
import type { Command } from './command.ts';
import type { CommandIndex } from './command-index.ts';
import { beforeDeadline } from './deadline.ts';
import { historyView } from './history-view.ts';
import type { KillMemory } from './kill-memory.ts';
import { accountView, candleView, orderView, positionView, symbolView, tickView } from './wire-view.ts';

type QueryAction = Exclude<DecodedRequest['action'], TradingAction | 'HEARTBEAT' | 'BYE'>;
/** A request that only asks, and may wait for its answer. */
export type QueryRequest = { [A in QueryAction]: RequestOf<A> }[QueryAction];

/** Whether a request only asks. */
export function isQueryRequest(request: DecodedRequest): request is QueryRequest {
  return !isTradingAction(request.action) && request.action !== 'HEARTBEAT' && request.action !== 'BYE';
}

/** So many queries may wait for the terminal at once; a client that asks on is told BUSY. */
const MAX_QUERIES_UNDER_WAY = 1_000;

const BROKER_AHEAD_MS = 60_000;

interface Ports {
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  readonly index: CommandIndex;
  readonly kills: KillMemory;
}

/** Answers questions, beside the trading lane and never waiting for it. */
export class Queries {
  readonly #deadlineMs: number;
  readonly #ports: Ports;
  #underWay = 0;

  constructor(deadlineMs: number, ports: Ports) {
    this.#deadlineMs = deadlineMs;
    this.#ports = ports;
  }

  /** The answer to a query: TERMINAL_TIMEOUT where the terminal has none in time. */
  async answer(request: QueryRequest, client: string): Promise<Answer> {
    if (this.#underWay >= MAX_QUERIES_UNDER_WAY) {
      return failure(refusal('BUSY', `${MAX_QUERIES_UNDER_WAY} queries wait for an answer already`));
    }
    this.#underWay += 1;
    const asking = this.#ask(request, client).finally(() => {
      this.#underWay -= 1;
    });
    return beforeDeadline(this.#ports.clock, this.#deadlineMs, asking, () =>
      failure(refusal('TERMINAL_TIMEOUT', `no answer within ${this.#deadlineMs} ms`)),
    );
  }

  async #ask(request: QueryRequest, client: string): Promise<Answer> {
    const { terminal } = this.#ports;
    switch (request.action) {
      case 'GET_ACCOUNT_INFO':
        return answerOf(await terminal.account(), accountView);
      case 'GET_POSITIONS':
        return answerOf(await terminal.positions(request.payload), (positions) => positions.map(positionView));
      case 'GET_ORDERS':
        return answerOf(await terminal.orders(request.payload), (orders) => orders.map(orderView));
      case 'GET_SYMBOLS':
        return answerOf(await terminal.symbols(), (specs) => specs.map(symbolView));
      case 'GET_SYMBOL':
        return answerOf(await terminal.symbol(request.payload.symbol), symbolView);
      case 'GET_TICK':
        return answerOf(await terminal.tick(request.payload.symbol), tickView);
      case 'GET_CANDLES': {
        const { symbol, timeframe, count } = request.payload;
        return answerOf(await terminal.candles(symbol, timeframe, count), (candles) => candles.map(candleView));
      }
      case 'GET_HISTORY': {
        const { from, to } = request.payload;
        // Nothing has happened in the future, but the broker's clock may be ahead.
        const toMs = to === undefined ? this.#ports.clock.nowMs() + BROKER_AHEAD_MS : to * 1000;
        return answerOf(await terminal.history(from * 1000, toMs), (found) => historyView(found, request.payload));
      }
      case 'GET_COMMAND':
        return this.#command({ client: request.payload.client_id ?? client, reqId: request.payload.req_id });
      default:
        return assertNever(request, 'query');
    }
  }

  async #command(key: CommandKey): Promise<Answer> {
    const { index, kills, audit } = this.#ports;
    const ofSession = index.find(key);
    if (ofSession !== null) return success(commandView(ofSession));
    const kill = kills.find(key);
    if (kill !== null) return success(kill);
    const recorded = await audit.findCommand(key);
    if (recorded !== null) return success(commandView(recorded));
    return failure(refusal('NOT_FOUND', `no command ${key.reqId} of ${key.client} is recorded`));
  }
}

function answerOf<T>(found: Query<T>, view: (value: T) => JsonValue): Answer {
  return found.ok ? success(view(found.value)) : failure(refusal(found.code, found.message));
}

/** A command as GET_COMMAND and the COMMAND event show it: where it stands, and its answer where there is one. */
export function commandView(command: Command | CommandRecord): { readonly [key: string]: JsonValue } {
  const { key, state, answer, receivedAtMs, updatedAtMs } = command;
  const action = 'content' in command ? command.content.action : command.action;
  return {
    req_id: key.reqId,
    client_id: key.client,
    action,
    state,
    status: answer?.status ?? 'PENDING',
    code: answer === null || answer.status === 'SUCCESS' ? null : answer.code,
    error: answer === null || answer.status === 'SUCCESS' ? null : answer.error,
    ...(answer?.retcode === undefined ? {} : { retcode: answer.retcode }),
    data: answer?.data ?? {},
    received_at: receivedAtMs / 1000,
    updated_at: updatedAtMs / 1000,
  };
}
