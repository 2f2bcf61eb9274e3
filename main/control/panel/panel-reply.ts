import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

const NOTHING_ELSE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the panel's own pages may load and talk to: this panel alone. */
export function pagePolicy(host: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://${host}; ${NOTHING_ELSE}`;
}

/** What a page that needs nothing but its own style may do. */
export function noticePolicy(styleHash: string): string {
  return `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; ${NOTHING_ELSE}`;
}

/** What is no page may do nothing at all. */
export const FILE_POLICY = `default-src 'none'; sandbox; ${NOTHING_ELSE}`;

/** Headers of every answer. */
export function commonHeaders(policy: string): OutgoingHttpHeaders {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

/** An answer of the panel, whole in memory. */
export interface PanelReply {
  readonly status: number;
  readonly policy: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Of the body. */
  readonly type?: string;
  readonly body?: string | Buffer;
}

/** Sends the reply; its body only where one is wanted. */
export function send(response: ServerResponse, reply: PanelReply, isBodyWanted: boolean): void {
  const { status, policy, headers = {}, type = 'text/plain; charset=utf-8', body = '' } = reply;
  response.writeHead(status, {
    ...commonHeaders(policy),
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(isBodyWanted ? body : undefined);
}
