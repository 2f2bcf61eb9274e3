import {
  COMMAND_TIMEOUT_MS,
  GATEWAY_IP_INTERNAL,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZMQ_PORT_EVENTS,
} from '../protocol/constants.ts';
import type { ConnectionFile } from '../protocol/connection-file.ts';
import { connectionFault } from './connection-file.ts';
import { CLIENT_ID_TAKES, isClientId, isHost, isPort } from './option-rules.ts';
import { Pairing } from './pairing.ts';

/** Where the gateway is and how long to wait for it; what is left out takes its default. */
export interface ZmqClientOptions {
  /** The gateway's name or address; default 172.19.141.255. */
  readonly host?: string | undefined;
  /** Port of the command channel; default 5555. */
  readonly reqPort?: number | undefined;
  /** Port of the data channel, which carries ticks; default 5556. */
  readonly subPort?: number | undefined;
  /** Port of the event channel; default 5557. */
  readonly eventPort?: number | undefined;
  /** How long a command waits for its reply, in milliseconds; default 2000. */
  readonly timeoutMs?: number | undefined;
  /** This brain's name in the gateway's client list and audit log: 1 to 64 characters of `A-Za-z0-9._-`. */
  readonly clientId?: string | undefined;
  /**
   * What `readConnectionFile` has read, for a gateway in encrypted mode. It brings host, ports and clientId; a host and
   * ports that are given besides win over it, another clientId is refused.
   */
  readonly connection?: ConnectionFile | undefined;
}

/** Options with every default filled in. */
export interface ClientSettings {
  readonly host: string;
  readonly reqPort: number;
  readonly subPort: number;
  readonly eventPort: number;
  readonly timeoutMs: number;
  readonly clientId: string | null;
  /** Null without encryption. */
  readonly pairing: Pairing | null;
}

const MAX_TIMEOUT_MS = 86_400_000;

/** Fills in the defaults. Throws RangeError naming the option that cannot be; its message shows no key. */
export function resolveOptions(options: ZmqClientOptions = {}): ClientSettings {
  const connection = checkConnection(options.connection);
  return {
    host: checkHost(options.host ?? connection?.host ?? GATEWAY_IP_INTERNAL),
    reqPort: checkPort('reqPort', options.reqPort ?? connection?.command_port ?? ZMQ_PORT_CMD),
    subPort: checkPort('subPort', options.subPort ?? connection?.data_port ?? ZMQ_PORT_DATA),
    eventPort: checkPort('eventPort', options.eventPort ?? connection?.event_port ?? ZMQ_PORT_EVENTS),
    timeoutMs: checkMs('timeoutMs', options.timeoutMs ?? COMMAND_TIMEOUT_MS),
    clientId: chooseClientId(options.clientId, connection),
    pairing: connection === undefined ? null : new Pairing(connection),
  };
}

/** A number of milliseconds to wait; throws RangeError outside 1 to 86400000. */
export function checkMs(name: string, valueMs: number): number {
  if (valueMs >= 1 && valueMs <= MAX_TIMEOUT_MS) return valueMs;
  throw new RangeError(`${name} is a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}, not ${valueMs}`);
}

function checkConnection(connection: ConnectionFile | undefined): ConnectionFile | undefined {
  const fault = connection === undefined ? null : connectionFault(connection, Date.now());
  if (fault !== null) throw new RangeError(`connection: ${fault}`);
  return connection;
}

function checkHost(host: string): string {
  if (isHost(host)) return host;
  throw new RangeError(`host is a name or an address like 127.0.0.1, not ${JSON.stringify(host)}`);
}

function checkPort(name: string, port: number): number {
  if (isPort(port)) return port;
  throw new RangeError(`${name} is a port from 1 to 65535, not ${String(port)}`);
}

function chooseClientId(clientId: string | undefined, connection: ConnectionFile | undefined): string | null {
  if (clientId === undefined) return connection?.client_id ?? null;
  if (!isClientId(clientId)) throw new RangeError(`clientId is ${CLIENT_ID_TAKES}, not ${JSON.stringify(clientId)}`);
  if (connection === undefined || connection.client_id === clientId) return clientId;
  throw new RangeError(`clientId is ${connection.client_id} under this connection, not ${clientId}`);
}
