import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { LocalRequest } from '../../local-arguments.ts';
import { callGateway } from '../client.ts';
import { ANSWER_TIMEOUT_MS, needsReason, print, unavailable, type LocalIo } from './local-io.ts';

/** `--end-lease`: lets a client go whose lease has run out. */
export async function endLease(client: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('end-lease', io);
  const result = await callGateway(io.endpoints, 'endLease', { client, reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const isEnded = result.output.ended;
  const message = isEnded
    ? `The lease of ${client} is over; its silence restricts nothing more.`
    : `${client} has no lease (see --status).`;
  print(io, result.output, [message]);
  return isEnded ? EXIT.ok : EXIT.refused;
}

/** `--decide`: what became of a command that nothing else tells of. */
export async function decide(
  { reqId, client, happened, reason }: Extract<LocalRequest, { command: 'decide' }>,
  io: LocalIo,
): Promise<ExitCode> {
  if (reason === undefined) return needsReason('decide', io);
  const named = client === undefined ? {} : { client };
  const input = { req_id: reqId, ...named, happened: happened === 'yes', reason };
  const result = await callGateway(io.endpoints, 'decide', input, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { decided } = result.output;
  const message = decided
    ? `${reqId} counts as ${happened === 'yes' ? 'done' : 'not done'} from now on; it is on record that you said so.`
    : `${reqId} is not a command of unknown outcome, or several clients have one (see --status; --client NAME).`;
  print(io, result.output, [message]);
  return decided ? EXIT.ok : EXIT.refused;
}
