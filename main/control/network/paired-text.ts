import type { Settings } from '../../config/settings.ts';
import type { Role } from '../../protocol/connection-file.ts';
import type { ControlOutput } from '../contract.ts';
import { localDay } from '../state-text.ts';

export type Paired = Extract<ControlOutput<'pair'>, { paired: true }>;

const MAY: Readonly<Record<Role, string>> = {
  read: 'may ask and listen',
  trade: 'may trade',
  kill: 'may halt, and nothing else',
};

/** The answer to --pair in lines for a person. Nothing of it is secret. */
export function pairedLines(
  { client, connection, file, commands }: Paired,
  path: string,
  security: Settings['security'],
) {
  const { host, command_port: command, data_port: data, event_port: events } = connection;
  const until = client.expires_ms === null ? 'and does not expire' : `until ${localDay(client.expires_ms)}`;
  return [
    `Paired ${client.name}: it ${MAY[client.role]}, ${until}.`,
    `Fingerprint  ${client.fingerprint}`,
    `Gateway      ${host}, ports ${command}, ${data}, ${events}`,
    `File         ${path}`,
    `             Whoever has it is ${client.name}. It cannot be shown again.`,
    '',
    "On the brain's Linux machine, in this order:",
    ...commands.map((command_) => `  ${command_}`),
    'Instead of the first, from here:',
    `  scp "${path}" USER@MACHINE:${file}`,
    'In a clone of the project mt5-fabric-brain is: npm run brain --',
    ...(security === 'encrypted' ? [] : ['', notYet(security)]),
  ];
}

function notYet(security: Settings['security']): string {
  return `The gateway runs in security mode ${security}. The pairing counts once it runs with --security encrypted --host 0.0.0.0.`;
}
