import type { Socket } from 'zeromq';

/** How opening a port ended. `endpoint` is what was really bound, a port of 0 replaced by the one that was free. */
export type BindResult = { readonly ok: true; readonly endpoint: string } | BindFailure;

/** A port that could not be opened: another program has it, or this machine does not have the address. */
export interface BindFailure {
  readonly ok: false;
  readonly code: 'PORT_IN_USE' | 'CANNOT_BIND';
  readonly endpoint: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** Binds `socket`; a port that is taken or an address that is not there is a value, anything else is thrown. */
export async function bind(socket: Socket, endpoint: string): Promise<BindResult> {
  try {
    await socket.bind(endpoint);
    return { ok: true, endpoint: socket.lastEndpoint ?? endpoint };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      return { ok: false, code: 'PORT_IN_USE', endpoint, message: `another program listens on ${endpoint}` };
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENODEV' || code === 'EACCES' || code === 'EINVAL') {
      return { ok: false, code: 'CANNOT_BIND', endpoint, message: `cannot listen on ${endpoint}: ${code}` };
    }
    throw error;
  }
}

/** The code of a system error, like EADDRINUSE; empty where there is none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
