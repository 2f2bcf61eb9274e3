// A name, an IPv4 or an IPv6 address; `;`, `/` and `*` mean something else to ZeroMQ.
const HOST = /^(?:[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?)$/;
const CLIENT_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** What `isClientId` takes, in words. */
export const CLIENT_ID_TAKES = '1 to 64 characters of A-Z a-z 0-9 . _ -';

/** Whether it is a name or an address of a machine. */
export function isHost(value: unknown): value is string {
  return typeof value === 'string' && HOST.test(value);
}

/** Whether it is a port that one can connect to. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

/** Whether it can be a brain's name. */
export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && CLIENT_ID.test(value);
}
