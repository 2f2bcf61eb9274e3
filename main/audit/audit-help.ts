import type { AuditCommand } from './audit-arguments.ts';

const FILTERS = `  --type T --client C --action A --symbol S --status S --code C --req ID
                   only rows with this value; several filters must all match`;

const COMMAND_HELP: Readonly<Record<AuditCommand, string>> = {
  list: `mt5-fabric --audit list [options]
Rows of the audit log, newest first.

${FILTERS}
  --limit N        at most N rows (50)
  --before ROW     only rows before this one: the next page
  --json           one JSON object a row
`,
  show: `mt5-fabric --audit show ROW|REQ_ID [options]
One row with all its values, and the history of its command.

  --client C       whose REQ_ID, where several clients used the same one; also for a REQ_ID that is a number
  --json           one JSON object: row, history
`,
  verify: `mt5-fabric --audit verify [options]
Re-hashes and links every row. Exit code 0 when the chain is intact, 1 when it is broken: the first broken row is named.
An edited or missing row always shows. A cut tail, or a log that was rewritten as a whole, links as well: it shows only
against a head that was noted elsewhere.

  --head ROW:HASH  a head noted earlier, as verify, exports and the event channel give it
  --json           one JSON object: intact, head, broken
`,
  export: `mt5-fabric --audit export --format csv|jsonl [options]
Rows oldest first. In CSV, cells that begin with = + - @ get an apostrophe; JSONL is exact.

${FILTERS}
  --out FILE       write to FILE (mode 0600) instead of the standard output
`,
};

/** Help of one audit command, or of all. */
export function auditHelp(command: AuditCommand | null): string {
  if (command !== null) return COMMAND_HELP[command];
  return `mt5-fabric --audit list|show|verify|export [--data-dir DIR] [options]
Reads the audit log of a data folder, whether a gateway runs or not.

  list             rows, newest first
  show ROW|REQ_ID  one row, and the history of its command
  verify           check the hash chain
  export           rows as CSV or JSONL
  list --help      options of a command

Exit codes: 0 done, 1 a check failed or nothing was found, 64 usage, 78 no readable log there.
`;
}
