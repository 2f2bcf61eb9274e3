import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { callGateway } from '../client.ts';
import { ANSWER_TIMEOUT_MS, needsReason, print, unavailable, type LocalIo } from './local-io.ts';

/** A close waits for the broker. */
const CLOSE_TIMEOUT_MS = 15_000;
const GONE_STATES: readonly string[] = ['CLOSED', 'CANCELLED', 'GONE'];

/** `--close`: one position or order, also while trading is halted. */
export async function close(ticket: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('close', io);
  const result = await callGateway(io.endpoints, 'close', { ticket, reason }, CLOSE_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { state, message, recorded } = result.output;
  const note = recorded ? [] : ['The audit log could not record it.'];
  print(io, result.output, [`${ticket}: ${message}`, ...note]);
  if (state === 'UNKNOWN') return EXIT.unavailable;
  return GONE_STATES.includes(state) ? EXIT.ok : EXIT.refused;
}

/** `--take-out`: a kill that cannot close it lets it be. */
export async function takeOut(ticket: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('take-out', io);
  const result = await callGateway(io.endpoints, 'takeOut', { ticket, reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const isOut = result.output.taken_out;
  const message = isOut
    ? `${ticket} is left alone from now on: you answer for it.`
    : `${ticket} is not one of the positions and orders that a flatten is closing now (see --status).`;
  print(io, result.output, [message]);
  return isOut ? EXIT.ok : EXIT.refused;
}
