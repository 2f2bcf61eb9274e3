import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { AccountRig } from './account-rig.ts';
import type { Chance } from './chance.ts';
import { recordedAnswer, type LogRow } from './log-evidence.ts';
import { CLIENT_NAMES } from './mixed-load.ts';
import { isFinal, nameOf, type SentCommand } from './sent-command.ts';
import type { WireClient } from './wire-client.ts';

const ANSWERED_AGAIN = 4;
const viewSchema = z.object({ state: z.string(), status: z.string(), data: z.unknown() });

/** Commands whose bytes a client would send again after a crash: some without an answer, a few with one. */
export function drawResends(commands: readonly SentCommand[], chance: Chance): readonly SentCommand[] {
  const unanswered = commands.filter(({ replies }) => replies.length === 0);
  const answered = commands.filter(({ replies }) => replies.length > 0);
  return [...unanswered.filter(() => chance.is(0.5)), ...chance.some(answered, ANSWERED_AGAIN)];
}

/** Sends the same bytes again. What the log knew before has to be answered with the recorded reply, marked as a duplicate. */
export async function resend(
  rig: AccountRig,
  clients: readonly WireClient[],
  commands: readonly SentCommand[],
): Promise<void> {
  await Promise.all(
    commands.map(async (command) => {
      const wasKnown = rig.log.rowsOf(command.key).some(({ claim }) => claim === 1);
      const reply = await clientOf(command, clients).ask(command.key.reqId, command.bytes);
      rig.resent += 1;
      if (reply === null) {
        rig.note('contradicted', `${nameOf(command)}: no reply to the same bytes after a restart`);
        return;
      }
      command.replies.push(reply);
      if (wasKnown && (reply.duplicate !== true || !isFinal(reply))) {
        rig.note('contradicted', `${nameOf(command)}: known before, but answered ${JSON.stringify(reply)}`);
      }
    }),
  );
}

/** Asks with GET_COMMAND what became of a command that got no final reply; it has to say what the log says. */
export async function lookUp(rig: AccountRig, client: WireClient, commands: readonly SentCommand[]): Promise<void> {
  for (const command of commands) {
    const { key } = command;
    const reqId = `look-${key.reqId}`;
    const payload = { req_id: key.reqId, client_id: key.client };
    const request = { action: 'GET_COMMAND', req_id: reqId, timestamp: Date.now() / 1000, payload };
    const reply = await client.ask(reqId, Buffer.from(JSON.stringify(request)));
    const end = rig.log.endOf(key);
    const agrees =
      reply?.status === 'SUCCESS'
        ? end !== null && tellsTheSame(viewSchema.parse(reply.data), end)
        : end === null && reply?.code === 'NOT_FOUND';
    if (agrees) continue;
    const shown = JSON.stringify(reply);
    rig.note('contradicted', `${nameOf(command)}: GET_COMMAND says ${shown}, the log ${end?.status ?? 'nothing'}`);
  }
}

function tellsTheSame({ state, status, data }: z.infer<typeof viewSchema>, end: LogRow): boolean {
  const recorded = recordedAnswer(end);
  return state === end.status && status === recorded?.status && isDeepStrictEqual(data, recorded.data);
}

function clientOf({ key }: SentCommand, clients: readonly WireClient[]): WireClient {
  // The last connection is that of the client without a name.
  const index = CLIENT_NAMES.findIndex((name) => name === key.client);
  return clients.at(index)!;
}
