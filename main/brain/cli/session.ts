import { isTradingAction, type Action } from '../../protocol/actions.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { encodeJson } from '../../protocol/json.ts';
import { ClientClosed, CommandTimeout } from '../errors.ts';
import type { PayloadOf } from '../payload-types.ts';
import type { DataOf, RefusedReply, ReplyTo } from '../reply-types.ts';
import type { ZmqClient } from '../zmq-client.ts';
import type { BrainIo } from './brain-io.ts';

/** What a command of the command line works with. */
export interface Session {
  readonly client: ZmqClient;
  readonly io: BrainIo;
  readonly json: boolean;
  /** The connection options as given, for a hint that can be copied. */
  readonly words: readonly string[];
}

/** What else matters to one question. */
export interface AskOptions<A extends Action> {
  readonly reqId?: string | undefined;
  /** The exit code for data that came with SUCCESS; 0 where it is left out. */
  readonly exitOf?: (data: DataOf<A>) => ExitCode;
}

/** Sends one command, prints its reply and returns the exit code. `view` is the text for people. */
export async function askOnce<A extends Action>(
  session: Session,
  action: A,
  payload: PayloadOf<A>,
  view: (data: DataOf<A>) => string,
  { reqId, exitOf = () => EXIT.ok }: AskOptions<A> = {},
): Promise<ExitCode> {
  const { client, io } = session;
  const endWithProgram = () => client.close();
  io.stop.addEventListener('abort', endWithProgram, { once: true });
  try {
    const reply = await client.sendCommand(action, payload, { reqId });
    const code = await printReply(session, action, reply, view);
    return reply.status === 'SUCCESS' ? exitOf(reply.data) : code;
  } catch (error) {
    if (error instanceof CommandTimeout || error instanceof ClientClosed) return await printUnanswered(session, error);
    throw error;
  } finally {
    io.stop.removeEventListener('abort', endWithProgram);
  }
}

async function printReply<A extends Action>(
  session: Session,
  action: A,
  reply: ReplyTo<A>,
  view: (data: DataOf<A>) => string,
): Promise<ExitCode> {
  const { io, json } = session;
  if (json) await io.out(`${encodeJson(reply)}\n`);
  if (reply.status === 'SUCCESS') {
    if (!json) await io.out(view(reply.data));
    if (!json && reply.duplicate === true) await io.out('That is the recorded answer; nothing was executed again.\n');
    return EXIT.ok;
  }
  if (!json) io.err(`${io.program}: ${refusalText(reply)}\n`);
  if (reply.status === 'ERROR') return EXIT.refused;
  io.err(outcomeHint(session, action, reply.req_id));
  return EXIT.unavailable;
}

async function printUnanswered(session: Session, error: CommandTimeout | ClientClosed): Promise<ExitCode> {
  const { io, json } = session;
  const { reqId, sent, action, message } = error;
  if (json) await io.out(`${encodeJson({ req_id: reqId, status: 'NO_REPLY', sent, action, error: message })}\n`);
  io.err(`${io.program}: ${message}\n`);
  if (sent) io.err(outcomeHint(session, action, reqId));
  return EXIT.unavailable;
}

/** How to find out what became of a command, ready to be copied. */
function outcomeHint({ io, words }: Session, action: Action, reqId: string): string {
  if (action === 'KILL_SWITCH') return 'A kill does no harm twice: give it again, and look at positions.\n';
  if (!isTradingAction(action)) return '';
  return `See what became of it with:\n  ${[io.program, 'command', reqId, ...words].map(quoted).join(' ')}\n`;
}

/** A refusal on one line: code, sentence, MT5's number. */
export function refusalText({ status, code, error, retcode }: Omit<RefusedReply, 'data'>): string {
  const number = retcode === undefined ? '' : ` (retcode ${retcode})`;
  return `${code ?? status}: ${error ?? 'no reason given'}${number}`;
}

/** A word as a shell takes it back; the program's own name is several words. */
function quoted(word: string, at: number): string {
  return at === 0 || /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
