import { assertNever } from '../assert-never.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { LocalRequest } from '../local-arguments.ts';
import { callGateway } from './client.ts';
import { decide, endLease } from './commands/client-duties.ts';
import { ANSWER_TIMEOUT_MS, print, unavailable, type LocalIo } from './commands/local-io.ts';
import { pair } from './commands/pair.ts';
import { clients, rename, revoke } from './commands/paired-brains.ts';
import { resume } from './commands/resume.ts';
import { stopTrading } from './commands/stop-trading.ts';
import { close, takeOut } from './commands/tickets.ts';
import { statusLines } from './state-text.ts';

/** Runs `--status`, `--kill`, `--halt` and the like against the gateway of a data folder. */
export async function runLocalCommand(request: LocalRequest, io: LocalIo): Promise<ExitCode> {
  switch (request.command) {
    case 'status':
      return status(io);
    case 'kill':
    case 'halt':
      return stopTrading(request.command, request.reason, io);
    case 'resume':
      return resume(request.reason, io);
    case 'close':
      return close(request.ticket, request.reason, io);
    case 'take-out':
      return takeOut(request.ticket, request.reason, io);
    case 'end-lease':
      return endLease(request.client, request.reason, io);
    case 'decide':
      return decide(request, io);
    case 'pair':
      return pair(request, io);
    case 'revoke':
      return revoke(request.client, request.reason, io);
    case 'rename':
      return rename(request.client, request.label, io);
    case 'clients':
      return clients(io);
    case 'panel-address':
      return panelAddress(io);
    default:
      return assertNever(request, 'local command');
  }
}

async function status(io: LocalIo): Promise<ExitCode> {
  const result = await callGateway(io.endpoints, 'status', {}, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  print(io, result.output, statusLines(result.output));
  return EXIT.ok;
}

async function panelAddress(io: LocalIo): Promise<ExitCode> {
  const result = await callGateway(io.endpoints, 'panelAddress', {}, ANSWER_TIMEOUT_MS);
  if (result.kind !== 'answered') return unavailable(result, io);
  const { output } = result;
  print(io, output, output.open ? [output.address, 'Good for one sign-in, within 10 minutes.'] : [output.message]);
  return output.open ? EXIT.ok : EXIT.unavailable;
}
