import type { AuditCommand } from './audit-arguments.ts';

const FILTERS = `  --type T --client C --action A --symbol S --status S --code C --req ID
                   only rows with this value; several filters must all match
  --by KIND        only rows of a client, the operator or the gateway
  --since TIME     only rows of this time of UTC and later, like 2026-11-22
  --until TIME     only rows before it, like 2026-11-22T14:30:00`;

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

  --client C       whose REQ_ID, where several clients used the same one; also
                   for a REQ_ID that is a number
  --json           one JSON object: row, history
`,
  verify: `mt5-fabric --audit verify [options]
Re-hashes and links every row, and holds every closed file against its
manifest. Exit code 0 when the log is intact, 1 when it is not: the first
broken row is named, and every damaged file that was set aside.

An edited or missing row always shows. A cut tail, or a log that was rewritten
as a whole, links as well: it shows only against a head that was noted
elsewhere.

  --head ROW:HASH  a head noted earlier, as verify, exports and the event
                   channel give it
  --json           one JSON object: intact, head, broken, damaged
`,
  export: `mt5-fabric --audit export --format csv|jsonl [options]
Rows, oldest first, as they were when it began, and a manifest that says what
they are: filter, rows, head of the log and SHA-256. It stands beside FILE as
FILE.manifest.json; without --out it is a line of the standard error. FILE is
there only when it is complete.

In CSV, a cell that a spreadsheet would run (it begins with = + - @, a tab or
a line end) gets an apostrophe before it; negative numbers stay numbers. JSONL
is exact, so that the chain can be checked from it.

${FILTERS}
  --out FILE       write to FILE (mode 0600) instead of the standard output
  --mask           *** for the account, for login, balance, equity, margin and
                   profit in payloads, and for amounts in sentences; the chain
                   cannot be checked from such an export
`,
  backup: `mt5-fabric --audit backup FILE [options]
Copies the log as it is now, beside a running gateway and without holding it
up, and checks the chain of the copy. FILE must not exist. It becomes one file,
or a folder where months have been closed: those go with their manifests.

To restore, stop the gateway and put the copy into an empty data folder: the
folder's files as they are, one file under the name audit.sqlite.

  --json           one JSON object: target, files, head, intact
`,
};

/** Help of one audit command, or of all. */
export function auditHelp(command: AuditCommand | null): string {
  if (command !== null) return COMMAND_HELP[command];
  return `mt5-fabric --audit list|show|verify|export|backup [--data-dir DIR] [options]
Reads the audit log of a data folder, whether a gateway runs or not.

  list             rows, newest first
  show ROW|REQ_ID  one row, and the history of its command
  verify           check the hash chain
  export           rows as CSV or JSONL
  backup FILE      copy the whole log
  list --help      options of a command

Exit codes: 0 done, 1 a check failed or nothing was found, 64 usage, 78 no
readable log there.
`;
}
