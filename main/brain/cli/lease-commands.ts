import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { PayloadOf } from '../payload-types.ts';
import type { ByeData, HeartbeatData } from '../reply-types.ts';
import { LEASE_ACTIONS, MAX_LEASE_S, MIN_LEASE_S } from '../strategy/lease-terms.ts';
import type { OptionSpec } from './command-line.ts';
import type { CommandSpec, Job } from './command-spec.ts';
import type { Operands } from './operands.ts';
import { askOnce, type Session } from './session.ts';
import { heartbeatView } from './views.ts';

const ON_EXPIRY = 'on-expiry';

/** `--lease` and `--on-expiry`, as every command that takes a lease has them. */
export const LEASE_OPTIONS: readonly OptionSpec[] = [
  { name: 'lease', value: 'SECONDS', about: 'how long the gateway waits for the next sign of life' },
  { name: ON_EXPIRY, value: 'ACTION', about: `then: ${LEASE_ACTIONS.join(', ')}` },
];

/** What `--lease` and `--on-expiry` say. */
export function readLease(operands: Operands): Pick<PayloadOf<'HEARTBEAT'>, 'lease_s' | 'on_expiry'> {
  return {
    lease_s: operands.optionalBetween('lease', 'seconds', MIN_LEASE_S, MAX_LEASE_S),
    on_expiry: operands.optionalChoice(ON_EXPIRY, LEASE_ACTIONS),
  };
}

/** Asks whether the gateway is alive; with `--lease` also takes or renews a dead-man lease. */
export const HEARTBEAT_COMMAND: CommandSpec = {
  name: 'heartbeat',
  operands: '',
  summary: 'ask whether the gateway is alive',
  details: `With --lease it takes a dead-man lease for --client-id: unless another such
heartbeat or a bye comes in time, the gateway does what --on-expiry says
[halt]. The exit code is 1 where the gateway granted none.`,
  options: LEASE_OPTIONS,
  prepare: (operands) => {
    const lease = readLease(operands);
    if (lease.on_expiry !== undefined) operands.require('lease', `--${ON_EXPIRY} is for a lease: give --lease too`);
    if (lease.lease_s === undefined) return heartbeat({}, () => EXIT.ok);
    return named(heartbeat(lease, (data) => (data.lease_s === undefined ? EXIT.refused : EXIT.ok)));
  },
};

/** Ends a lease in order. */
export const BYE_COMMAND: CommandSpec = {
  name: 'bye',
  operands: '',
  summary: 'end the lease of a client without firing it',
  details: `Ends the dead-man lease of --client-id. Nothing that has fired is taken back.`,
  options: [],
  prepare: () => named((session) => askOnce(session, 'BYE', {}, byeView)),
};

function heartbeat(payload: PayloadOf<'HEARTBEAT'>, exitOf: (data: HeartbeatData) => ExitCode): Job {
  const isLease = payload.lease_s !== undefined;
  return (session) => {
    const startedMs = performance.now();
    const view = (data: HeartbeatData) =>
      heartbeatView(data, performance.now() - startedMs) + (isLease ? leaseLine(data) : '');
    return askOnce(session, 'HEARTBEAT', payload, view, { exitOf });
  };
}

function leaseLine({ lease_s: leaseS }: HeartbeatData): string {
  return leaseS === undefined ? 'The gateway granted NO lease.\n' : `The lease runs for ${leaseS} s.\n`;
}

function byeView({ lease_ended: ended }: ByeData): string {
  return ended ? 'The lease has ended; it does not fire.\n' : 'There was no lease.\n';
}

/** A lease belongs to a name: without one the gateway could not tell whose it is. */
function named(job: Job): Job {
  return async (session: Session) => {
    if (session.client.settings.clientId !== null) return job(session);
    session.io.err(`${session.io.program}: a lease belongs to a client: give --client-id NAME\n`);
    return EXIT.usage;
  };
}
