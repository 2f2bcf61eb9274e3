import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { callGateway } from '../client.ts';
import { clientLines, unpairedOf } from '../network/clients-text.ts';
import { ANSWER_TIMEOUT_MS, needsReason, print, unavailable, type LocalIo } from './local-io.ts';

/** Ending what runs under a pairing, and its row, take a moment. */
const REVOKE_TIMEOUT_MS = 10_000;

/** `--revoke`: in force before this says so. */
export async function revoke(name: string, reason: string | undefined, io: LocalIo): Promise<ExitCode> {
  if (reason === undefined) return needsReason('revoke', io);
  const result = await callGateway(io.endpoints, 'revoke', { name, reason }, REVOKE_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { output } = result;
  const message = output.revoked
    ? `${name} is revoked: its connections have ended and its key opens nothing any more. Its positions stay.`
    : output.message;
  print(io, output, [message]);
  return output.revoked ? EXIT.ok : EXIT.refused;
}

/** `--rename`: what a brain is called; its name in the log stays. */
export async function rename(name: string, label: string, io: LocalIo): Promise<ExitCode> {
  const result = await callGateway(io.endpoints, 'rename', { name, label }, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { output } = result;
  print(io, output, [output.renamed ? `${name} is called ${output.client.label} from now on.` : output.message]);
  return output.renamed ? EXIT.ok : EXIT.refused;
}

/** `--clients`: who is paired, and who was heard without being. */
export async function clients(io: LocalIo): Promise<ExitCode> {
  const network = await callGateway(io.endpoints, 'network', {}, ANSWER_TIMEOUT_MS);
  if (network.kind !== 'answered') return unavailable(network, io);
  const status = await callGateway(io.endpoints, 'status', {}, ANSWER_TIMEOUT_MS);
  if (status.kind !== 'answered') return unavailable(status, io);
  const { security, paired, seen, server_fingerprint } = network.output;
  const unpaired = unpairedOf(paired, status.output.clients);
  const told = { security, server_fingerprint, paired, unpaired, seen };
  print(io, told, clientLines(told, Date.now()));
  return EXIT.ok;
}
