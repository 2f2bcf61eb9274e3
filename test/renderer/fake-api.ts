import {
  CONTROL_CALLS,
  CONTROL_TOPICS,
  type CallAnswer,
  type ControlApi,
  type ControlCall,
  type ControlInput,
  type ControlOutput,
  type ControlTopic,
  type Hearing,
  type Saved,
  type TopicValue,
} from '../../main/control/contract.ts';
import { ordinaryDay, ordinarySettings } from './values.ts';

type Answers = { [C in ControlCall]?: (input: ControlInput<C>) => ControlOutput<C> | Promise<ControlOutput<C>> };
type Listener = (value: unknown) => void;

/** A gateway for tests of the screen: values are pushed, calls are noted and answered as the test says. */
export class FakeApi implements ControlApi {
  readonly calls: { readonly call: ControlCall; readonly input: unknown }[] = [];
  readonly fetched: string[] = [];
  readonly opened: string[] = [];
  readonly saved: { readonly file: string; readonly text: string }[] = [];
  /** What becomes of the next file that is saved. */
  saving: Saved = { isSaved: true, error: null };
  readonly shell: ControlApi['shell'];
  readonly #answers: Answers;
  readonly #values = new Map<ControlTopic, unknown>(Object.entries(ordinaryDay) as [ControlTopic, unknown][]);
  readonly #listeners = new Map<ControlTopic, Set<Listener>>();
  readonly #hearers = new Set<(hearing: Hearing) => void>();
  #hearing: Hearing = 'up';

  constructor(answers: Answers = {}, kind: 'window' | 'panel' = 'panel') {
    this.#answers = { settings: () => ordinarySettings, ...answers };
    this.shell = {
      kind,
      fetchExport: (file) => void this.fetched.push(file),
      openPage: (page) => void this.opened.push(page),
      saveConnection: (file, text) => {
        this.saved.push({ file, text });
        return Promise.resolve(this.saving);
      },
    };
  }

  /** Inputs and outputs go through the contract's schemas, so that a test cannot promise what no gateway gives. */
  async call<C extends ControlCall>(call: C, input: ControlInput<C>): Promise<CallAnswer<C>> {
    this.calls.push({ call, input });
    const checked = CONTROL_CALLS[call].input.safeParse(input);
    if (!checked.success) return { ok: false, error: checked.error.issues[0]?.message ?? 'refused' };
    const answer = this.#answers[call];
    if (answer === undefined) return { ok: false, error: `this test answers no ${call}` };
    try {
      const output = await answer(checked.data as ControlInput<C>);
      return { ok: true, output: CONTROL_CALLS[call].output.parse(output) as ControlOutput<C> };
    } catch (error) {
      return { ok: false, error: (error as Error).message };
    }
  }

  subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set<Listener>();
    this.#listeners.set(topic, listeners.add(listener as Listener));
    if (this.#values.has(topic)) listener(this.#values.get(topic) as TopicValue<T>);
    return () => listeners.delete(listener as Listener);
  }

  onHearing(listener: (hearing: Hearing) => void): () => void {
    this.#hearers.add(listener);
    listener(this.#hearing);
    return () => this.#hearers.delete(listener);
  }

  /** A new value of a topic. */
  push<T extends ControlTopic>(topic: T, value: TopicValue<T>): void {
    this.#values.set(topic, CONTROL_TOPICS[topic].parse(value));
    for (const listener of this.#listeners.get(topic) ?? []) listener(value);
  }

  /** The topic has not been told yet. */
  forget(topic: ControlTopic): void {
    this.#values.delete(topic);
  }

  hear(hearing: Hearing): void {
    this.#hearing = hearing;
    for (const listener of this.#hearers) listener(hearing);
  }
}
