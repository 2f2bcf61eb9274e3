import type { Clock } from '../../clock.ts';
import { ClientClosed, CommandTimeout } from '../errors.ts';
import type { HeartbeatData } from '../reply-types.ts';
import type { ZmqClient } from '../zmq-client.ts';
import type { LeaseTerms } from './lease-terms.ts';

/** What the keeper learns of the gateway. */
export type LinkNews =
  | { readonly kind: 'answered'; readonly data: HeartbeatData; readonly askedMonoMs: number }
  /** The gateway has stopped answering. */
  | { readonly kind: 'lost'; readonly silentMs: number }
  | { readonly kind: 'restored'; readonly silentMs: number }
  /** Another run of the gateway answers. */
  | { readonly kind: 'session'; readonly session: string; readonly before: string }
  /** The gateway does not renew the lease. */
  | { readonly kind: 'refused'; readonly message: string };

/** Whether the lease was granted. */
export type LeaseGrant =
  | { readonly ok: true }
  /** `unavailable`: there was no answer. */
  | { readonly ok: false; readonly kind: 'refused' | 'unavailable'; readonly message: string };

interface Ports {
  readonly clock: Clock;
  readonly client: ZmqClient;
  /** Whether the strategy has given a sign of life since the last renewal; asked only when one is due. */
  readonly takeSign: () => boolean;
  readonly tell: (news: LinkNews) => void;
}

/** The gateway is asked so often at least, however long the lease, so that a lost connection shows. */
const MOST_BETWEEN_BEATS_MS = 1_000;

/**
 * Asks the gateway for its state once a second, and renews the lease each third of it, but only after a sign of life of
 * the strategy itself: a callback that never ends gets no renewal after the one that its beginning was worth, so its
 * lease runs out within four thirds of a lease. Whatever blocks this thread blocks the renewals too. After a silence the
 * lease is taken anew, since the gateway may be another run that knows nothing of it.
 */
export class LeaseKeeper {
  readonly #terms: LeaseTerms;
  readonly #ports: Ports;
  readonly #beatMs: number;
  readonly #timeoutMs: number;
  /** When the next renewal is due, on the monotonic clock. */
  #dueMonoMs = -Infinity;
  #answeredMonoMs = -Infinity;
  #lost = false;
  /** Whether the next beat goes out without a pause. */
  #urgent = false;
  /** Whether an unanswered request for the lease may have reached the gateway. */
  #maybeGranted = false;
  #session: string | null = null;
  #stopped = false;
  #beating: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};

  constructor(terms: LeaseTerms, ports: Ports) {
    this.#terms = terms;
    this.#ports = ports;
    const thirdMs = this.#thirdMs;
    this.#beatMs = Math.min(thirdMs, MOST_BETWEEN_BEATS_MS);
    this.#timeoutMs = Math.min(thirdMs, ports.client.settings.timeoutMs);
  }

  /** Takes the lease, once. Where that fails nothing is kept up. */
  async take(): Promise<LeaseGrant> {
    const refusals: string[] = [];
    const answered = await this.#beat(true, (message) => refusals.push(message));
    const [message] = refusals;
    if (message !== undefined) return { ok: false, kind: 'refused', message };
    if (answered) return { ok: true };
    // A lease that nobody keeps must not fire.
    if (this.#maybeGranted) await this.bye();
    return { ok: false, kind: 'unavailable', message: this.#ports.client.refusal ?? 'the gateway does not answer' };
  }

  /** Keeps the lease up from now on. */
  start(): void {
    this.#beating = this.#keep();
  }

  /** The strategy has given a sign of life: a renewal that is overdue is sent now. */
  moved(): void {
    if (this.#ports.clock.monoMs() >= this.#dueMonoMs) this.#wake();
  }

  /** Renews no more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#beating;
  }

  /** Ends the lease without firing it, after `stop`. False when that was not answered. */
  async bye(): Promise<boolean> {
    try {
      return (await this.#ports.client.sendCommand('BYE')).status === 'SUCCESS';
    } catch (error) {
      if (error instanceof CommandTimeout || error instanceof ClientClosed) return false;
      throw error;
    }
  }

  get #thirdMs(): number {
    return (this.#terms.leaseS * 1_000) / 3;
  }

  async #keep(): Promise<void> {
    await this.#pause();
    while (!this.#stopped) {
      const isDue = this.#ports.clock.monoMs() >= this.#dueMonoMs;
      const answered = await this.#beat(isDue && this.#ports.takeSign(), (message) =>
        this.#ports.tell({ kind: 'refused', message }),
      );
      // An unanswered beat has waited long enough.
      if (answered && !this.#urgent) await this.#pause();
      this.#urgent = false;
    }
  }

  /** One HEARTBEAT; true when it was answered. */
  async #beat(renews: boolean, refused: (message: string) => void): Promise<boolean> {
    const { clock, client, tell } = this.#ports;
    const askedMonoMs = clock.monoMs();
    if (renews) this.#dueMonoMs = askedMonoMs + this.#thirdMs;
    try {
      const lease = { lease_s: this.#terms.leaseS, on_expiry: this.#terms.onExpiry };
      const reply = await client.sendCommand('HEARTBEAT', renews ? lease : {}, { timeoutMs: this.#timeoutMs });
      this.#heard();
      if (reply.status !== 'SUCCESS') {
        if (renews) refused(`the gateway refuses the lease: ${reply.code ?? reply.status}: ${reply.error ?? ''}`);
        return true;
      }
      this.#compareSession(reply.data.session, renews);
      tell({ kind: 'answered', data: reply.data, askedMonoMs });
      if (renews && reply.data.lease_s === undefined) refused('the gateway grants no lease: it is too old for that');
      return true;
    } catch (error) {
      if (error instanceof ClientClosed) return true;
      if (!(error instanceof CommandTimeout)) throw error;
      this.#maybeGranted ||= renews && error.sent;
      this.#unheard();
      return false;
    }
  }

  #heard(): void {
    const nowMs = this.#ports.clock.monoMs();
    const silentMs = Math.round(nowMs - this.#answeredMonoMs);
    this.#answeredMonoMs = nowMs;
    if (this.#lost) this.#ports.tell({ kind: 'restored', silentMs });
    this.#lost = false;
  }

  #renewAtOnce(): void {
    this.#dueMonoMs = -Infinity;
    this.#urgent = true;
  }

  #unheard(): void {
    this.#renewAtOnce();
    if (this.#lost || this.#answeredMonoMs === -Infinity) return;
    this.#lost = true;
    this.#ports.tell({ kind: 'lost', silentMs: Math.round(this.#ports.clock.monoMs() - this.#answeredMonoMs) });
  }

  #compareSession(session: string | undefined, renewed: boolean): void {
    const before = this.#session;
    if (session === undefined || session === before) return;
    this.#session = session;
    if (before === null) return;
    if (!renewed) this.#renewAtOnce();
    this.#ports.tell({ kind: 'session', session, before });
  }

  /** Until the next beat, or until a renewal may go out. */
  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const { clock } = this.#ports;
    const restMs = Math.max(0, this.#dueMonoMs - clock.monoMs());
    const waitMs = restMs === 0 ? this.#beatMs : Math.min(this.#beatMs, restMs);
    return new Promise((resolve) => {
      const cancel = clock.after(waitMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
