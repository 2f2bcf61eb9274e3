/** Diagnostic log: structured, one line an event. Never the audit log, and never a reason to fail. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

const SECRET_KEY = /secret|token|password|mac_key|private/i;
/** What stands where a secret was taken out. */
export const REDACTED = '[redacted]';

/** Whether a key's name says that its value is a secret. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** A log that writes one JSON line an event, secrets redacted by key. `write` gets a line without its line end. */
export function createLog(write: (line: string) => void, nowMs: () => number = Date.now): Log {
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      try {
        write(JSON.stringify({ time: new Date(nowMs()).toISOString(), level, event, ...fields }, redact));
      } catch {
        // A full disk or a closed pipe must not reach the caller.
      }
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** One log of two, for whoever watches and for the file. */
export function bothLogs(first: Log, second: Log): Log {
  const at = (level: keyof Log) => (event: string, fields?: LogFields) => {
    first[level](event, fields);
    second[level](event, fields);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** A log that says nothing. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

function redact(key: string, value: unknown): unknown {
  if (isSecretKey(key)) return REDACTED;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return value;
}
