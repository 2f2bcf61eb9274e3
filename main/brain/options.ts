import {
  COMMAND_TIMEOUT_MS,
  GATEWAY_IP_INTERNAL,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZMQ_PORT_EVENTS,
} from '../protocol/constants.ts';

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
}

/** Options with every default filled in. */
export interface ClientSettings {
  readonly host: string;
  readonly reqPort: number;
  readonly subPort: number;
  readonly eventPort: number;
  readonly timeoutMs: number;
  readonly clientId: string | null;
}

// A name, an IPv4 or an IPv6 address; `;`, `/` and `*` mean something else to ZeroMQ.
const HOST = /^(?:[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?)$/;
const CLIENT_ID = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_TIMEOUT_MS = 86_400_000;

/** Fills in the defaults. Throws RangeError naming the option that cannot be. */
export function resolveOptions(options: ZmqClientOptions = {}): ClientSettings {
  return {
    host: checkHost(options.host ?? GATEWAY_IP_INTERNAL),
    reqPort: checkPort('reqPort', options.reqPort ?? ZMQ_PORT_CMD),
    subPort: checkPort('subPort', options.subPort ?? ZMQ_PORT_DATA),
    eventPort: checkPort('eventPort', options.eventPort ?? ZMQ_PORT_EVENTS),
    timeoutMs: checkMs('timeoutMs', options.timeoutMs ?? COMMAND_TIMEOUT_MS),
    clientId: options.clientId === undefined ? null : checkClientId(options.clientId),
  };
}

/** A number of milliseconds to wait; throws RangeError outside 1 to 86400000. */
export function checkMs(name: string, valueMs: number): number {
  if (valueMs >= 1 && valueMs <= MAX_TIMEOUT_MS) return valueMs;
  throw new RangeError(`${name} is a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}, not ${valueMs}`);
}

/** The ZeroMQ address of a port on a host. */
export function tcpEndpoint(host: string, port: number): string {
  return host.includes(':') ? `tcp://[${host}]:${port}` : `tcp://${host}:${port}`;
}

function checkHost(host: string): string {
  if (HOST.test(host)) return host;
  throw new RangeError(`host is a name or an address like 127.0.0.1, not ${JSON.stringify(host)}`);
}

function checkPort(name: string, port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new RangeError(`${name} is a port from 1 to 65535, not ${port}`);
}

function checkClientId(clientId: string): string {
  if (CLIENT_ID.test(clientId)) return clientId;
  throw new RangeError(`clientId is 1 to 64 characters of A-Z a-z 0-9 . _ -, not ${JSON.stringify(clientId)}`);
}
