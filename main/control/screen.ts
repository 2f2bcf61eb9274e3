import type * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  COMMAND_LINE_CALLS,
  CONTROL_CALLS,
  CONTROL_TOPICS,
  type ControlCall,
  type ControlService,
  type ControlTopic,
} from './contract.ts';
import { BEAT_MS, toGatewaySchema, type ToScreen } from './frames.ts';

/** So many calls of one screen may be under way; `halt` and `kill` are counted apart, so that nothing stands in their way. */
export const MOST_CALLS = 64;
/** The id of a refusal that answers no call. */
export const NO_CALL = -1;

const MOST_SHOWN = 80;
const STOPPING_CALLS: readonly ControlCall[] = ['halt', 'kill'];

/** What a screen needs of its surroundings. */
export interface ScreenPorts {
  readonly service: ControlService;
  /** Who acts through this screen, for the audit log. */
  readonly by: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes a frame to the screen; must not throw, also when the screen is gone. */
  send(frame: ToScreen): void;
}

/**
 * The gateway's end of one screen, whatever carries the frames: answers calls, passes topics on and beats from its making
 * until it is stopped. Whatever comes in is checked; what cannot be taken is refused with a sentence that says why.
 */
export class Screen {
  readonly #ports: ScreenPorts;
  readonly #topics = new Map<ControlTopic, () => void>();
  readonly #faulty = new Set<ControlTopic>();
  readonly #underWay = { usual: 0, stopping: 0 };
  #cancelBeat: () => void = () => {};
  #isStopped = false;

  constructor(ports: ScreenPorts) {
    this.#ports = ports;
    this.#beat();
  }

  /** Takes a frame as it came, parsed from JSON where it was text. */
  receive(frame: unknown): void {
    if (this.#isStopped) return;
    const parsed = toGatewaySchema.safeParse(frame);
    if (!parsed.success) {
      this.#refuse(idOf(frame), frameFault(parsed.error));
      return;
    }
    switch (parsed.data.kind) {
      case 'call':
        void this.#call(parsed.data.id, parsed.data.call, parsed.data.input);
        return;
      case 'subscribe':
        this.#subscribe(parsed.data.topic);
        return;
      case 'unsubscribe':
        this.#unsubscribe(parsed.data.topic);
        return;
    }
  }

  /** Ends subscriptions and beats. Calls under way are carried out, but not answered any more. May be called twice. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelBeat();
    for (const topic of this.#topics.keys()) this.#unsubscribe(topic);
  }

  #beat(): void {
    this.#cancelBeat = this.#ports.clock.after(BEAT_MS, () => this.#beat());
    this.#send({ kind: 'beat' });
  }

  async #call(id: number, call: ControlCall, input: unknown): Promise<void> {
    if (COMMAND_LINE_CALLS.some((name) => name === call)) {
      this.#refuse(id, `${call} is made by the command line only, not by a screen`);
      return;
    }
    const parsed = CONTROL_CALLS[call].input.safeParse(input);
    if (!parsed.success) {
      this.#refuse(id, `${call}: ${faultText(parsed.error)}`);
      return;
    }
    const kind = STOPPING_CALLS.includes(call) ? 'stopping' : 'usual';
    if (this.#underWay[kind] >= MOST_CALLS) {
      this.#refuse(id, `${call}: ${MOST_CALLS} calls of this screen are under way; ask again when one is answered`);
      return;
    }
    this.#underWay[kind] += 1;
    const ending = await this.#carryOut(id, call, parsed.data);
    this.#underWay[kind] -= 1;
    this.#send(ending);
  }

  async #carryOut(id: number, call: ControlCall, input: unknown): Promise<ToScreen> {
    const { service, by, log } = this.#ports;
    try {
      const perform = service.handlers[call] as (input: unknown, by: string) => Promise<unknown>;
      const output = CONTROL_CALLS[call].output.safeParse(await perform(input, by));
      if (output.success) return { kind: 'answer', id, output: output.data };
      log.error('the answer to a screen is not as agreed', { call, fault: faultText(output.error) });
      const error = `${call} was carried out, but its answer is not as agreed: look at the state before you repeat it`;
      return { kind: 'refusal', id, error };
    } catch (error) {
      log.error('a call of a screen failed', { call, error });
      return { kind: 'refusal', id, error: messageOf(error) || `${call} failed` };
    }
  }

  #subscribe(topic: ControlTopic): void {
    if (this.#topics.has(topic)) return;
    const { service, log } = this.#ports;
    try {
      const end = service.feed.subscribe(topic, (value) => this.#pass(topic, value));
      // The first value comes in the same turn, and passing it on may have ended the screen.
      if (this.#isStopped) end();
      else this.#topics.set(topic, end);
    } catch (error) {
      log.error('a topic cannot be followed', { topic, error });
      this.#refuse(NO_CALL, `${topic} cannot be followed: ${messageOf(error)}`);
    }
  }

  #unsubscribe(topic: ControlTopic): void {
    this.#topics.get(topic)?.();
    this.#topics.delete(topic);
  }

  #pass(topic: ControlTopic, value: unknown): void {
    const parsed = CONTROL_TOPICS[topic].safeParse(value);
    if (parsed.success) {
      this.#faulty.delete(topic);
      this.#send({ kind: 'value', topic, value: parsed.data });
      return;
    }
    // Topics come many times a second: said once, until a good value comes.
    if (this.#faulty.has(topic)) return;
    this.#faulty.add(topic);
    this.#ports.log.error('a topic is not as agreed', { topic, fault: faultText(parsed.error) });
    this.#refuse(NO_CALL, `${topic} cannot be shown, its value is not as agreed: ${faultText(parsed.error)}`);
  }

  #refuse(id: number, error: string): void {
    this.#send({ kind: 'refusal', id, error });
  }

  #send(frame: ToScreen): void {
    if (!this.#isStopped) this.#ports.send(frame);
  }
}

function idOf(frame: unknown): number {
  if (typeof frame !== 'object' || frame === null || !('id' in frame)) return NO_CALL;
  return Number.isSafeInteger(frame.id) ? (frame.id as number) : NO_CALL;
}

function frameFault(error: z.core.$ZodError): string {
  const [field] = error.issues[0]?.path ?? [];
  // A kind that is none has no message of its own that would say which there are.
  if (field === undefined || field === 'kind')
    return 'a frame is an object whose kind is call, subscribe or unsubscribe';
  return faultText(error);
}

/** The first fault and where it is, like `a reason of 3 to 280 characters (reason)`. */
function faultText(error: z.core.$ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is something else';
  const where = issue.path.join('.').slice(0, MOST_SHOWN).toWellFormed();
  return where === '' ? issue.message : `${issue.message} (${where})`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
