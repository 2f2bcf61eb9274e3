import {
  CONTROL_CALLS,
  CONTROL_TOPICS,
  type CallAnswer,
  type ControlApi,
  type ControlCall,
  type ControlInput,
  type ControlTopic,
  type Hearing,
  type Shell,
  type TopicValue,
} from '../../main/control/contract.ts';
import { SILENCE_MS, type ToGateway, toScreenSchema, type ToScreen } from '../../main/control/frames.ts';

/** A line to the gateway that can break and come back by itself. */
export interface Line {
  send(frame: ToGateway): void;
  onFrame(listener: (frame: unknown) => void): void;
  /** Called with true each time the line stands, with false each time it is lost. */
  onOpen(listener: (isOpen: boolean) => void): void;
}

/** A verification of a long log takes minutes; everything else is answered at once or not at all. */
const CALL_LIMIT_MS = 15_000;
const LONG_CALLS: ReadonlySet<ControlCall> = new Set(['auditVerify', 'auditExport', 'installBridge', 'doctor']);
const LONG_CALL_LIMIT_MS = 600_000;

type Listener = (value: never) => void;
interface Waiting {
  readonly call: ControlCall;
  readonly settle: (answer: CallAnswer<ControlCall>) => void;
}

/** The control contract over a line: answers and values are checked here, so that nothing behind it has to. */
export class ScreenApi implements ControlApi {
  readonly shell: Shell;
  readonly #line: Line;
  readonly #waiting = new Map<number, Waiting>();
  readonly #topics = new Map<ControlTopic, Set<Listener>>();
  readonly #values = new Map<ControlTopic, unknown>();
  readonly #hearers = new Set<(hearing: Hearing) => void>();
  #hearing: Hearing = 'connecting';
  #isOpen = false;
  #lastId = 0;
  #silence: ReturnType<typeof setTimeout> | null = null;

  constructor(line: Line, shell: Shell) {
    this.#line = line;
    this.shell = shell;
    line.onFrame((frame) => this.#receive(frame));
    line.onOpen((isOpen) => (isOpen ? this.#opened() : this.#lost()));
  }

  call<C extends ControlCall>(call: C, input: ControlInput<C>): Promise<CallAnswer<C>> {
    if (!this.#isOpen) return Promise.resolve({ ok: false, error: 'the gateway cannot be reached' });
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const limitMs = LONG_CALLS.has(call) ? LONG_CALL_LIMIT_MS : CALL_LIMIT_MS;
      const late = setTimeout(() => settle({ ok: false, error: 'the gateway has not answered in time' }), limitMs);
      const settle = (answer: CallAnswer<ControlCall>) => {
        clearTimeout(late);
        this.#waiting.delete(id);
        resolve(answer as CallAnswer<C>);
      };
      this.#waiting.set(id, { call, settle });
      this.#line.send({ kind: 'call', id, call, input });
    });
  }

  subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void {
    const listeners = this.#topics.get(topic) ?? new Set<Listener>();
    const isFirst = listeners.size === 0;
    this.#topics.set(topic, listeners.add(listener));
    if (isFirst && this.#isOpen) this.#line.send({ kind: 'subscribe', topic });
    if (!isFirst && this.#values.has(topic)) listener(this.#values.get(topic) as TopicValue<T>);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#values.delete(topic);
      if (this.#isOpen) this.#line.send({ kind: 'unsubscribe', topic });
    };
  }

  onHearing(listener: (hearing: Hearing) => void): () => void {
    this.#hearers.add(listener);
    listener(this.#hearing);
    return () => this.#hearers.delete(listener);
  }

  #receive(raw: unknown): void {
    const parsed = toScreenSchema.safeParse(raw);
    if (!parsed.success) return;
    this.#heard();
    this.#take(parsed.data);
  }

  #take(frame: ToScreen): void {
    switch (frame.kind) {
      case 'beat':
        return;
      case 'refusal':
        this.#waiting.get(frame.id)?.settle({ ok: false, error: frame.error });
        return;
      case 'answer':
        this.#answer(frame.id, frame.output);
        return;
      case 'value':
        this.#value(frame.topic, frame.value);
        return;
    }
  }

  #answer(id: number, raw: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const output = CONTROL_CALLS[waiting.call].output.safeParse(raw);
    if (output.success) waiting.settle({ ok: true, output: output.data });
    else waiting.settle({ ok: false, error: 'this window and the gateway are of different versions: reload it' });
  }

  #value(topic: ControlTopic, raw: unknown): void {
    const value = CONTROL_TOPICS[topic].safeParse(raw);
    if (!value.success) return;
    this.#values.set(topic, value.data);
    for (const listener of this.#topics.get(topic) ?? []) listener(value.data as never);
  }

  #opened(): void {
    this.#isOpen = true;
    for (const [topic, listeners] of this.#topics) {
      if (listeners.size > 0) this.#line.send({ kind: 'subscribe', topic });
    }
  }

  #lost(): void {
    this.#isOpen = false;
    for (const { settle } of this.#waiting.values()) settle({ ok: false, error: 'the gateway went away meanwhile' });
    this.#tell(this.#hearing === 'connecting' ? 'connecting' : 'down');
  }

  #heard(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#tell('down'), SILENCE_MS);
    this.#tell('up');
  }

  #tell(hearing: Hearing): void {
    if (hearing === this.#hearing) return;
    this.#hearing = hearing;
    for (const listener of this.#hearers) listener(hearing);
  }
}
