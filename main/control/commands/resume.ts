import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { callGateway } from '../client.ts';
import type { ControlOutput } from '../contract.ts';
import { stateLines } from '../state-text.ts';
import { ANSWER_TIMEOUT_MS, needsReason, print, unavailable, type LocalIo } from './local-io.ts';

/** `--resume`: only a person at this machine says that trading goes on. */
export async function resume(reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('resume', io);
  const result = await callGateway(io.endpoints, 'resume', { reason }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  print(io, result.output, resumeLines(result.output));
  return result.output.resumed ? EXIT.ok : EXIT.unavailable;
}

function resumeLines(output: ControlOutput<'resume'>): string[] {
  if (output.resumed)
    return ['Trading is on again. Nothing that was refused meanwhile is sent.', ...stateLines(output.state)];
  return [output.message, ...output.standing.map((cause) => `  - ${cause}`)];
}
