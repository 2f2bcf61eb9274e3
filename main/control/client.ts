import { connect } from 'node:net';
import { userInfo } from 'node:os';
import {
  CONTROL_CALLS,
  answerLineSchema,
  type ControlCall,
  type ControlInput,
  type ControlOutput,
} from './contract.ts';
import { onLines } from './lines.ts';

const LONGEST_ANSWER = 16 * 1024 * 1024;

/** How a call to a running gateway ended. */
export type CallResult<C extends ControlCall> =
  | { readonly kind: 'answered'; readonly output: ControlOutput<C> }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'no-gateway' }
  | { readonly kind: 'no-answer' };

/** Calls the gateway that listens at one of `paths`. `timeoutMs` bounds the wait for its answer. */
export async function callGateway<C extends ControlCall>(
  paths: readonly string[],
  call: C,
  input: ControlInput<C>,
  timeoutMs: number,
): Promise<CallResult<C>> {
  for (const path of paths) {
    const line = await ask(path, JSON.stringify({ id: 1, call, by: `operator@${userName()}`, input }), timeoutMs);
    if (line === 'absent') continue;
    if (line === 'silent') return { kind: 'no-answer' };
    const answer = answerLineSchema.parse(JSON.parse(line.text));
    if (!answer.ok) return { kind: 'refused', message: answer.error };
    return { kind: 'answered', output: CONTROL_CALLS[call].output.parse(answer.output) as ControlOutput<C> };
  }
  return { kind: 'no-gateway' };
}

/** Whether something accepts connections at `path`. */
export function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => {
      end(true);
    });
    socket.once('error', () => {
      end(false);
    });
  });
}

function ask(path: string, line: string, timeoutMs: number): Promise<'absent' | 'silent' | { readonly text: string }> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let connected = false;
    const end = (answer: 'absent' | 'silent' | { readonly text: string }) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      end('silent');
    }, timeoutMs);
    socket.once('connect', () => {
      connected = true;
      socket.write(`${line}\n`);
    });
    onLines(socket, LONGEST_ANSWER, (text) => {
      end({ text });
    });
    socket.once('error', () => {
      end(connected ? 'silent' : 'absent');
    });
    socket.once('close', () => {
      end(connected ? 'silent' : 'absent');
    });
  });
}

/** Who runs this process, for the audit log. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
