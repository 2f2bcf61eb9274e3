import { Dealer } from 'zeromq';
import { systemClock } from '../clock.ts';
import { decodeReply } from '../protocol/decode-reply.ts';
import { ClientClosed, CommandTimeout } from './errors.ts';
import { Link, type LinkTarget } from './link.ts';
import type { Reply } from './reply-types.ts';
import { connectionOptions } from './socket-options.ts';
import { KEPT_UNANSWERED, UnansweredCommands, type OutgoingCommand } from './unanswered-commands.ts';

interface OpenCommand extends OutgoingCommand {
  sent: boolean;
  /** Whether an earlier attempt was sent: then the command may have been executed whatever becomes of this one. */
  sentBefore: boolean;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly timeoutMs: number;
  /** When it is given up, on the monotonic clock. */
  readonly dueMs: number;
}

/** How often a command that waits for a connection tries again; no timer runs while none waits. */
const RETRY_MS = 5;

/**
 * The brain's end of the command channel. Many commands may be under way; each has its own deadline and is matched to
 * its reply by `req_id`, so one that is never answered holds up nothing and a late reply finds nobody.
 * A DEALER that sends the empty delimiter is a REQ to the other side, without REQ's one request at a time.
 */
export class CommandChannel {
  readonly #target: LinkTarget;
  readonly #open = new Map<string, OpenCommand>();
  /** Those of `#open` that no connection has taken yet, oldest first. */
  readonly #waiting = new Set<OpenCommand>();
  readonly #unanswered = new UnansweredCommands();
  #socket: Dealer | null = null;
  #link: Link | null = null;
  #flushing = false;
  #repeatsKills = false;
  #cancelRetry: () => void = () => {};
  #cancelWatch: () => void = () => {};
  /** When the timer of the deadlines fires. */
  #watchedMs = Infinity;
  #closed = false;
  #strayReplies = 0;

  constructor(target: LinkTarget) {
    this.#target = target;
  }

  /** Why the gateway turned away the last connection; null where it did not, or is not known to. */
  get refusal(): string | null {
    return this.#link?.refusal ?? null;
  }

  /** Replies that came too late, twice, or could not be read. */
  get strayReplies(): number {
    return this.#strayReplies;
  }

  /**
   * Sends a command and resolves with its reply. Rejects with CommandTimeout or ClientClosed, and with RangeError for a
   * `req_id` that is under way or went unanswered: a late reply to the first could be taken for the second's.
   */
  async ask(command: Omit<OutgoingCommand, 'sent'>, timeoutMs: number): Promise<Reply> {
    this.#refuseOpen(command.reqId);
    if (this.#unanswered.get(command.reqId) !== undefined) {
      throw new RangeError(`req_id ${command.reqId} went unanswered before: use resend, or another req_id`);
    }
    return this.#start({ ...command, sent: false }, timeoutMs);
  }

  /** Sends the identical bytes of a command that went unanswered, and resolves with the reply. */
  async resend(reqId: string, timeoutMs: number): Promise<Reply> {
    this.#refuseOpen(reqId);
    const command = this.#unanswered.get(reqId);
    if (command !== undefined) return this.#start(command, timeoutMs);
    throw new RangeError(`no unanswered command ${reqId}: the last ${KEPT_UNANSWERED} are kept`);
  }

  /** Ends every command under way with ClientClosed. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#cancelWatch();
    this.#link?.close();
    this.#socket?.close();
    this.#socket = null;
    for (const command of [...this.#open.values()]) this.#giveUp(command, new ClientClosed(command));
  }

  #refuseOpen(reqId: string): void {
    if (this.#open.has(reqId)) throw new RangeError(`req_id ${reqId} is under way already`);
  }

  #start(outgoing: OutgoingCommand, timeoutMs: number): Promise<Reply> {
    if (this.#closed) return Promise.reject(new ClientClosed(outgoing));
    const socket = (this.#socket ??= this.#connect());
    if (outgoing.action === 'KILL_SWITCH') this.#repeatKills(socket);
    return new Promise((resolve, reject) => {
      const dueMs = systemClock.monoMs() + timeoutMs;
      const command = { ...outgoing, sentBefore: outgoing.sent, resolve, reject, timeoutMs, dueMs };
      this.#open.set(command.reqId, command);
      this.#waiting.add(command);
      this.#watch(dueMs);
      void this.#flush(socket);
    });
  }

  /** A kill that may be lost with its connection goes out again over the next one: every copy halts, so none does harm. */
  #repeatKills(socket: Dealer): void {
    if (this.#repeatsKills) return;
    this.#repeatsKills = true;
    let lost: OpenCommand[] = [];
    const isSent = ({ action, sent }: OpenCommand) => action === 'KILL_SWITCH' && sent;
    socket.events.on('disconnect', () => {
      lost = [...this.#open.values()].filter(isSent);
    });
    // Not before: a connection that has just ended may still take it, and lose it again.
    socket.events.on('handshake', () => {
      for (const command of lost) {
        if (this.#open.get(command.reqId) !== command) continue;
        command.sentBefore = true;
        this.#waiting.add(command);
      }
      lost = [];
      void this.#flush(socket);
    });
  }

  /** One timer for all deadlines, moved forward but never back: a command that is answered in time touches no timer. */
  #watch(dueMs: number): void {
    if (dueMs >= this.#watchedMs) return;
    this.#cancelWatch();
    this.#watchedMs = dueMs;
    // The reply may have come while this thread was busy: one look at the sockets before giving up.
    const look = () => setImmediate(() => this.#giveUpLate());
    this.#cancelWatch = systemClock.after(Math.max(0, dueMs - systemClock.monoMs()), look);
  }

  #giveUpLate(): void {
    this.#watchedMs = Infinity;
    const nowMs = systemClock.monoMs();
    for (const command of [...this.#open.values()]) {
      // A timer may fire a fraction of a millisecond early.
      if (command.dueMs > nowMs + 1) this.#watch(command.dueMs);
      else this.#giveUp(command, this.#timeoutOf(command));
    }
  }

  #timeoutOf(command: OpenCommand): CommandTimeout {
    return new CommandTimeout(command, this.#target.endpoint, command.timeoutMs, this.refusal);
  }

  #giveUp(command: OpenCommand, error: Error): void {
    this.#unanswered.keep(command);
    this.#end(command);
    command.reject(error);
  }

  #end(command: OpenCommand): void {
    this.#open.delete(command.reqId);
    this.#waiting.delete(command);
  }

  /** Hands over what waits, in order, as far as a connection takes it. */
  async #flush(socket: Dealer): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#cancelRetry();
    for (const command of this.#waiting) {
      if (!(await handOver(socket, command))) break;
      this.#waiting.delete(command);
    }
    this.#flushing = false;
    if (this.#waiting.size === 0 || this.#closed) return;
    this.#cancelRetry = systemClock.after(RETRY_MS, () => void this.#flush(socket));
  }

  #connect(): Dealer {
    // `immediate` gives messages to finished connections only, and drops what a broken one has not sent: a command that
    // found no gateway stays here, is reported as not sent, and can never be delivered late by a reconnection.
    // `sendTimeout: 0` makes each send an attempt that is over at once, so that `sent` is never a guess.
    const { endpoint, pairing } = this.#target;
    const socket = new Dealer({ ...connectionOptions(endpoint, pairing), immediate: true, sendTimeout: 0 });
    this.#link = new Link(socket, this.#target);
    void this.#receive(socket);
    return socket;
  }

  async #receive(socket: Dealer): Promise<void> {
    try {
      // Not `for await`: zeromq.js wraps each message into two more promises there.
      for (;;) this.#take(await socket.receive());
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }

  #take([delimiter, body, ...more]: readonly Buffer[]): void {
    const isFramed = delimiter?.length === 0 && body !== undefined && more.length === 0;
    const decoded = isFramed ? decodeReply(body) : null;
    const command = decoded?.ok === true ? this.#open.get(decoded.reply.req_id) : undefined;
    if (decoded?.ok !== true || command === undefined) {
      this.#strayReplies += 1;
      return;
    }
    this.#end(command);
    command.resolve(decoded.reply as Reply);
  }
}

/** Tries once; false when no connection takes the command now. */
async function handOver(socket: Dealer, command: OpenCommand): Promise<boolean> {
  if (socket.closed) return false;
  command.sent = true;
  try {
    await socket.send(['', ...command.frames]);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    command.sent = command.sentBefore;
    return false;
  }
}
