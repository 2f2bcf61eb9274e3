import { type AuditCommandIo, runAuditCommand } from '../../../main/audit/audit-command.ts';
import type { JsonObject } from '../../../main/protocol/json-value.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';

const ALPHA = keyOf('r1');
/** Six rows: a session, an order of `alpha` from its intent to its outcome, another client’s intent, a refusal. */
export const ROWS = [
  entry('SESSION_STARTED'),
  intent(ALPHA),
  intent(keyOf('r1', 'beta')),
  dispatch(ALPHA),
  outcome(ALPHA),
  commandEntry('REFUSED', keyOf('r2', 'a-client-with-a-rather-long-name'), {
    status: 'REFUSED',
    code: 'KILL_SWITCH_ENGAGED',
    symbol: 'A-SYMBOL-OF-SOME-LENGTH',
    reason: `the kill switch is engaged ${'and this goes on '.repeat(20)}`,
  }),
];

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the words after `--audit` on a data folder, not on a terminal and without a gateway unless `change` says otherwise. */
export async function run(dataDir: string, line: string, change: Partial<AuditCommandIo> = {}): Promise<Said> {
  const said = { out: '', err: '' };
  const words = line.split(' ').filter((word) => word !== '');
  const code = await runAuditCommand(words, {
    dataDir,
    stdout: (text) => Promise.resolve(void (said.out += text)),
    stderr: (text) => (said.err += text),
    isTerminal: false,
    appVersion: '1.2.3',
    nowMs: () => Date.UTC(2026, 10, 22, 14, 30),
    ...change,
  });
  return { code, ...said };
}

/** What was asked to be recorded. */
export function recorder() {
  const recorded: { readonly type: string; readonly payload: JsonObject }[] = [];
  const record: NonNullable<AuditCommandIo['record']> = (type, payload) => {
    recorded.push({ type, payload });
    return Promise.resolve(true);
  };
  return { recorded, record };
}

/** The rows of JSON lines. */
export const rows = (jsonLines: string) =>
  jsonLines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number });
