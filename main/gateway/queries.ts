import { assertNever } from '../assert-never.ts';
import type { AuditLog, CommandKey, CommandRecord } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Mt5Handler, Query } from '../mt5/handler.ts';
import { type Answer, failure, success } from '../protocol/envelope.ts';
import { refusal } from '../protocol/codes.ts';
import type { DecodedRequest, RequestOf } from '../protocol/decode.ts';
import type { JsonValue } from '../protocol/json-value.ts';
import type { Command } from './command.ts';
import type { CommandIndex } from './command-index.ts';
import { beforeDeadline } from './deadline.ts';
import { accountView, orderView, positionView, symbolView, tickView } from './wire-view.ts';

type QueryAction = Exclude<DecodedRequest['action'], 'HEARTBEAT' | 'OPEN_ORDER' | 'CLOSE_POSITION' | 'CANCEL_ORDER'>;
/** A request that only asks. */
export type QueryRequest = { [A in QueryAction]: RequestOf<A> }[QueryAction];

/** So many queries may wait for the terminal at once; a client that asks on is told BUSY. */
const MAX_QUERIES_UNDER_WAY = 1_000;

interface Ports {
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  readonly index: CommandIndex;
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
      case 'GET_TICK':
        return answerOf(await terminal.tick(request.payload.symbol), tickView);
      case 'GET_COMMAND':
        return this.#command({ client: request.payload.client_id ?? client, reqId: request.payload.req_id });
      default:
        return assertNever(request, 'query');
    }
  }

  async #command(key: CommandKey): Promise<Answer> {
    const known = this.#ports.index.find(key) ?? (await this.#ports.audit.findCommand(key));
    if (known !== null) return success(commandView(known));
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
