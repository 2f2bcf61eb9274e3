import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ControlHandlers, ControlInput, ControlOutput } from '../contract.ts';
import { brainCommands, connectionFileName } from '../network/brain-commands.ts';
import { networkView, pairedView, type NetworkPorts } from '../network/network-view.ts';
import type { RecordOperator } from '../operator-row.ts';

const DAY_MS = 86_400_000;
const NOT_RECORDED = 'the audit log cannot record it, so nobody was paired';

export interface NetworkHandlerPorts extends NetworkPorts {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  readonly record: RecordOperator;
}

/** The calls about the network and who may use it. */
export type NetworkHandlers = Pick<ControlHandlers, 'pair' | 'revoke' | 'rename' | 'network'>;

/** Makes the calls about the network. What is secret leaves in the answer to `pair` alone: never in a row, log or error. */
export function networkHandlers(ports: NetworkHandlerPorts): NetworkHandlers {
  const { pairings } = ports.network;
  const { record, log } = ports;
  return {
    pair: (input, by) => pair(input, by, ports),
    // Nobody waits for the log with a brain that must not trade any more.
    revoke: async ({ name, reason }, by) => {
      const result = await pairings.revoke(name);
      if (!result.ok) return { revoked: false, message: result.message };
      const { role, fingerprint } = result.client;
      const isRecorded = await record('CLIENT_REVOKED', { name, role, fingerprint }, by, reason.toWellFormed());
      if (!isRecorded) log.error('revocation-not-recorded', { name, by });
      return { revoked: true, client: pairedView(result.client) };
    },
    rename: async ({ name, label }, by) => {
      const before = pairings.list().find((client) => client.name === name)?.label ?? name;
      const result = await pairings.rename(name, label);
      if (!result.ok) return { renamed: false, message: result.message };
      const isRecorded = await record('CLIENT_RENAMED', { name, old: before, new: label }, by);
      if (!isRecorded) log.error('rename-not-recorded', { name, by });
      return { renamed: true, client: pairedView(result.client) };
    },
    network: () => Promise.resolve(networkView(ports)),
  };
}

/** A pairing that is not on record does not stand. */
async function pair(
  input: ControlInput<'pair'>,
  by: string,
  ports: NetworkHandlerPorts,
): Promise<ControlOutput<'pair'>> {
  const { clock, log, network, record } = ports;
  const { name, role, expires_days: expiresDays, host = usualHost(ports) } = input;
  const expiresMs = expiresDays === undefined ? null : clock.nowMs() + expiresDays * DAY_MS;
  const result = await network.pairings.pair({ name, role, expiresMs, host });
  if (!result.ok) return { paired: false, message: result.message };
  const { client, connection } = result;
  const { fingerprint } = client;
  const row = { name, role, fingerprint, expires: connection.expires, host: connection.host };
  if (!(await record('CLIENT_PAIRED', row, by))) {
    const undone = await network.pairings.revoke(name);
    if (!undone.ok) log.error('pairing-not-undone', { name, message: undone.message });
    return { paired: false, message: undone.ok ? NOT_RECORDED : `${name} is paired, but not on record: revoke it` };
  }
  return {
    paired: true,
    client: pairedView(client),
    file: connectionFileName(name),
    connection: { ...connection },
    commands: brainCommands(name, role),
  };
}

/** A pairing in local mode is for when the gateway is opened: then it is reached from outside. Null: where it listens. */
function usualHost({ settings, addresses }: NetworkHandlerPorts): string | null {
  return settings.security === 'local' ? (addresses()[0]?.address ?? null) : null;
}
