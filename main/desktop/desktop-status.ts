import type { Clock } from '../clock.ts';
import type { ControlFeed, ControlTopic, TopicValue } from '../control/contract.ts';
import { NOTHING_KNOWN, type DesktopState } from './desktop-state.ts';

/** Token and audit log answer within a fraction of this, in milliseconds; a halt without them for longer is told. */
const RECORDING_TAKES_MS = 3_000;

/** Follows the gateway's topics and tells of each change with what was before it. */
export class DesktopStatus {
  readonly #feed: ControlFeed;
  readonly #clock: Clock;
  readonly #onChange: (before: DesktopState, after: DesktopState) => void;
  readonly #endings: (() => void)[] = [];
  #state = NOTHING_KNOWN;
  #cancelWait = () => {};

  constructor(feed: ControlFeed, clock: Clock, onChange: (before: DesktopState, after: DesktopState) => void) {
    this.#feed = feed;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  state(): DesktopState {
    return this.#state;
  }

  /** Follows from now on; a second call changes nothing. */
  start(): void {
    if (this.#endings.length > 0) return;
    this.#follow('state', (live) => this.#heardState(live));
    this.#follow('terminal', (terminal) => this.#become({ terminal }));
    this.#follow('account', (account) => this.#become({ account }));
    this.#follow('network', (network) => this.#heardNetwork(network));
  }

  /** Follows no more. May be called twice. */
  stop(): void {
    this.#cancelWait();
    for (const end of this.#endings.splice(0)) end();
  }

  #follow<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): void {
    this.#endings.push(this.#feed.subscribe(topic, listener));
  }

  #heardState(live: TopicValue<'state'>): void {
    const { mode, recorded } = live.state;
    const wasWaiting = this.#isWithoutRecord();
    this.#become(mode === 'HALTED' && !recorded ? { live } : { live, isUnrecorded: false });
    if (!this.#isWithoutRecord()) this.#cancelWait();
    else if (!wasWaiting) this.#tellWhenTooLong();
  }

  /** Who has connected when is told often, and changes nothing here. */
  #heardNetwork({ security, allow_from: allowFrom }: TopicValue<'network'>): void {
    const exposedTo = security === 'plain-network' ? allowFrom : null;
    if (JSON.stringify(exposedTo) !== JSON.stringify(this.#state.exposedTo)) this.#become({ exposedTo });
  }

  #tellWhenTooLong(): void {
    this.#cancelWait();
    this.#cancelWait = this.#clock.after(RECORDING_TAKES_MS, () => this.#become({ isUnrecorded: true }));
  }

  #isWithoutRecord(): boolean {
    const { live } = this.#state;
    return live?.state.mode === 'HALTED' && !live.state.recorded;
  }

  #become(change: Partial<DesktopState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    this.#onChange(before, this.#state);
  }
}
