import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { PairOptions } from '../../local-arguments.ts';
import { callGateway } from '../client.ts';
import type { ControlInput } from '../contract.ts';
import { connectionFileName } from '../network/brain-commands.ts';
import { pairedLines, type Paired } from '../network/paired-text.ts';
import { ConnectionDraft } from './connection-draft.ts';
import { ANSWER_TIMEOUT_MS, print, unavailable, type LocalIo } from './local-io.ts';

const LOST_FILE = 'its connection file could not be written';

/** `--pair`: a brain gets its keys, and a file with them that is written this once. */
export async function pair(options: PairOptions, io: LocalIo): Promise<ExitCode> {
  const path = resolve(options.out ?? connectionFileName(options.client));
  const draft = await ConnectionDraft.create(path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (draft instanceof Error) return cannotWrite(draft, path, io);

  const answer = await callGateway(io.endpoints, 'pair', inputOf(options), ANSWER_TIMEOUT_MS).catch(
    async (error: unknown) => {
      await draft.discard();
      throw error;
    },
  );
  if (answer.kind === 'answered' && answer.output.paired) return keep(answer.output, { draft, path }, io);

  await draft.discard();
  if (answer.kind !== 'answered') {
    const code = unavailable(answer, io);
    if (answer.kind === 'no-answer') io.stderr(`mt5-fabric: ${mayBePaired(options.client)}\n`);
    return code;
  }
  const { output } = answer;
  print(io, output, output.paired ? [] : [`${options.client} was not paired: ${output.message}`]);
  return EXIT.refused;
}

/** A brain whose keys nobody has must not stay paired. */
async function keep(
  output: Paired,
  { draft, path }: { readonly draft: ConnectionDraft; readonly path: string },
  io: LocalIo,
): Promise<ExitCode> {
  const { name } = output.client;
  try {
    await draft.keep(`${JSON.stringify(output.connection, null, 2)}\n`);
  } catch (error) {
    const undone = await callGateway(io.endpoints, 'revoke', { name, reason: LOST_FILE }, ANSWER_TIMEOUT_MS);
    const isUndone = undone.kind === 'answered' && undone.output.revoked;
    const what = isUndone ? `so ${name} is revoked again` : `and ${name} is still paired: ${revokeCommand(name)}`;
    io.stderr(`mt5-fabric: cannot write ${path}: ${(error as Error).message}; ${what}\n`);
    return EXIT.configuration;
  }
  const network = await callGateway(io.endpoints, 'network', {}, ANSWER_TIMEOUT_MS);
  print(io, output, pairedLines(output, path, network.kind === 'answered' ? network.output.security : 'encrypted'));
  return EXIT.ok;
}

function inputOf({ client, role, expiresDays, host }: PairOptions): ControlInput<'pair'> {
  return {
    ...{ name: client, role },
    ...(expiresDays === undefined ? {} : { expires_days: expiresDays }),
    ...(host === undefined ? {} : { host }),
  };
}

function cannotWrite(error: NodeJS.ErrnoException, path: string, io: LocalIo): ExitCode {
  if (error.code === 'EEXIST') {
    io.stderr(`mt5-fabric: ${path} is there already and stays as it is: name another with --out FILE\n`);
    return EXIT.refused;
  }
  io.stderr(`mt5-fabric: cannot write ${path}: ${error.message}; nobody was paired\n`);
  return EXIT.configuration;
}

function mayBePaired(name: string): string {
  return `it may still pair ${name}: look with --clients, and ${revokeCommand(name)}`;
}

function revokeCommand(name: string): string {
  return `--revoke ${name} --reason "${LOST_FILE}"`;
}
