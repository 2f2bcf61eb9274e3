import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccountPin } from '../handler.ts';
import type { MarginMode } from '../market.ts';
import { Fields } from './fields.ts';
import { splitLine } from './line-codec.ts';
import { LineFault } from './line-fault.ts';
import { ACCOUNT_MODES, MARGIN_MODES } from './rows.ts';

/** The version of the line language, see docs/BRIDGE.md. */
export const BRIDGE_LANGUAGE = '1';

const INSTANCE = /^[0-9a-f]{16}$/i;

/** What a program says of itself. */
export interface Hello {
  readonly programVersion: string;
  /** Names the program's record of commands. */
  readonly instance: string;
  readonly account: AccountPin;
  readonly marginMode: MarginMode;
}

export type RefusalCode = 'VERSION' | 'TOKEN' | 'BUSY' | 'MALFORMED';
export type HelloReading =
  | { readonly ok: true; readonly hello: Hello }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };

/** Reads a program's first line. What is said of a refusal never repeats the line: there may be a token in it. */
export function readHello(text: string, token: string): HelloReading {
  try {
    const fields = splitLine(text);
    if (fields[0] !== 'hello') return refusal('MALFORMED', 'the first line is not a hello');
    // Ahead of all else: another version may have other fields.
    const version = fields[1] ?? '';
    if (version !== BRIDGE_LANGUAGE) return refusal('VERSION', versions(version));
    if (!isSame(fields[2] ?? '', token)) return refusal('TOKEN', 'the token is not that of this gateway');
    return { ok: true, hello: readIdentity(new Fields('hello', fields, 3)) };
  } catch (error) {
    if (!(error instanceof LineFault)) throw error;
    return refusal('MALFORMED', error.message);
  }
}

function readIdentity(fields: Fields): Hello {
  const programVersion = fields.text('program version');
  const instance = fields.text('instance');
  const login = String(fields.ticket('login'));
  const server = fields.text('server');
  const mode = fields.oneOf('trade mode', ACCOUNT_MODES);
  const marginMode = fields.oneOf('margin mode', MARGIN_MODES);
  if (!INSTANCE.test(instance)) throw new LineFault('NUMBER', 'hello: instance is not 16 hex digits');
  return { programVersion, instance, account: { login, server, mode }, marginMode };
}

function versions(theirs: string): string {
  return `the gateway speaks version ${BRIDGE_LANGUAGE} of the bridge's language, the program version ${theirs.slice(0, 16)}`;
}

function refusal(code: RefusalCode, message: string): HelloReading {
  return { ok: false, code, message };
}

/** Compares in a time that says nothing of where two tokens differ, nor of their lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
