/** A ZeroMQ endpoint; to be bound, a port of 0 takes one that is free. */
export function tcpEndpoint(host: string, port: number): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port === 0 ? '*' : port}`;
}

/** The port of an endpoint like tcp://127.0.0.1:5555. */
export function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}

/** Whether an endpoint is an IPv6 address, which a socket has to be told. */
export function isIpv6(endpoint: string): boolean {
  return endpoint.startsWith('tcp://[');
}
