import { type Answer, failure, toReply } from '../protocol/envelope.ts';
import { refusal } from '../protocol/codes.ts';
import { UNKNOWN_REQ_ID } from '../protocol/constants.ts';
import { encodeJson } from '../protocol/json.ts';

/** A request that waits for its one reply. */
export class Exchange {
  readonly reqId: string | null;
  readonly #nowMs: () => number;
  readonly #onAnswer: (answer: Answer) => void;
  #reply: ((text: string) => void) | null;

  /** `onAnswer` is told every answer but those given as text. */
  constructor(
    reqId: string | null,
    nowMs: () => number,
    reply: (text: string) => void,
    onAnswer: (answer: Answer) => void = () => {},
  ) {
    this.reqId = reqId;
    this.#nowMs = nowMs;
    this.#reply = reply;
    this.#onAnswer = onAnswer;
  }

  get isAnswered(): boolean {
    return this.#reply === null;
  }

  /** Sends the reply. Only the first call does anything; the others return false. */
  answer(answer: Answer, duplicate = false): boolean {
    const reply = this.#reply;
    if (reply === null) return false;
    this.#reply = null;
    reply(this.#encode(answer, duplicate));
    this.#onAnswer(answer);
    return true;
  }

  /** As `answer` with a SUCCESS whose `data` is JSON text already. */
  answerText(dataText: string): boolean {
    const reply = this.#reply;
    if (reply === null) return false;
    this.#reply = null;
    const reqId = JSON.stringify(this.reqId ?? UNKNOWN_REQ_ID);
    const timestamp = this.#nowMs() / 1000;
    reply(
      `{"req_id":${reqId},"status":"SUCCESS","timestamp":${timestamp},"data":${dataText},"error":null,"code":null}`,
    );
    return true;
  }

  #encode(answer: Answer, duplicate: boolean): string {
    try {
      return encodeJson(toReply(this.reqId, answer, this.#nowMs(), duplicate));
    } catch (error) {
      // JSON has no NaN: a terminal that gives one must not leave the client without a reply.
      const broken = failure(refusal('INTERNAL', `the answer cannot be written as JSON: ${String(error)}`));
      return encodeJson(toReply(this.reqId, broken, this.#nowMs(), duplicate));
    }
  }
}
