import { assertNever } from '../assert-never.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type AuditInvocation, parseAuditArguments } from './audit-arguments.ts';
import { auditHelp } from './audit-help.ts';
import { type AuditCommandIo, messageOf } from './audit-io.ts';
import { backUpLog } from './backup-command.ts';
import { COLUMNS } from './columns.ts';
import { exportLog } from './export-command.ts';
import { exportLine } from './export-format.ts';
import { AuditReader, type Page, type Shown } from './reader.ts';
import { printable, rowFields, rowTable } from './row-text.ts';
import { AUDIT_FILE, auditFile } from './schema.ts';
import { namesIn } from './segments.ts';
import { verifyWholeLog } from './verify-command.ts';
import { wholePage } from './whole-page.ts';

export type { AuditCommandIo } from './audit-io.ts';

type Work = Exclude<AuditInvocation, { command: 'help' | 'usage' }>;

/** `mt5-fabric --audit …` on the files themselves, with or without a running gateway. Resolves with the exit code. */
export async function runAuditCommand(words: readonly string[], io: AuditCommandIo): Promise<ExitCode> {
  const invocation = parseAuditArguments(words);
  if (invocation.command === 'help') {
    await io.stdout(auditHelp(invocation.of));
    return EXIT.ok;
  }
  if (invocation.command === 'usage') {
    io.stderr(`mt5-fabric: ${invocation.message}\n\n${auditHelp(invocation.of)}`);
    return EXIT.usage;
  }
  const reader = openReader(invocation, io);
  if (reader === null) return EXIT.configuration;
  try {
    return await run(invocation, reader, io);
  } finally {
    reader.close();
  }
}

/** Only a verification goes on where the log cannot be read: it says what is broken. */
function openReader({ command }: Work, { dataDir, stderr }: AuditCommandIo): AuditReader | null {
  if (!isLogThere(dataDir)) {
    stderr(`mt5-fabric: there is no audit log in ${dataDir}; the gateway makes it when it first runs\n`);
    return null;
  }
  const reader = new AuditReader(dataDir);
  try {
    if (command !== 'verify') reader.head();
    return reader;
  } catch (error) {
    reader.close();
    stderr(`mt5-fabric: the audit log ${auditFile(dataDir)} cannot be read: ${messageOf(error)}\n`);
    return null;
  }
}

function isLogThere(dataDir: string): boolean {
  return namesIn(dataDir).some((name) => name === AUDIT_FILE || /^audit-.*\.(sqlite|manifest\.json)$/.test(name));
}

function run(invocation: Work, reader: AuditReader, io: AuditCommandIo): Promise<ExitCode> {
  switch (invocation.command) {
    case 'list':
      return list(invocation, reader, io);
    case 'show':
      return show(reader.show(invocation.target), invocation.json, io);
    case 'verify':
      return verifyWholeLog(invocation, reader, io);
    case 'export':
      return exportLog(invocation, reader, io);
    case 'backup':
      return backUpLog(invocation, io);
    default:
      return assertNever(invocation, 'audit command');
  }
}

async function list(
  { page, json }: Extract<Work, { command: 'list' }>,
  reader: AuditReader,
  { stdout, stderr }: AuditCommandIo,
): Promise<ExitCode> {
  const found = await wholePage(reader, page);
  for (const gap of found.gaps) stderr(`mt5-fabric: ${gap}\n`);
  await stdout(json ? jsonLines(found) : table(found, reader.head().seq === 0));
  return EXIT.ok;
}

function jsonLines({ rows }: Page): string {
  return rows
    .map((row) =>
      exportLine(
        'jsonl',
        COLUMNS.map((column) => row[column]),
      ),
    )
    .join('');
}

function table({ rows, next }: Page, isLogEmpty: boolean): string {
  if (rows.length === 0) return isLogEmpty ? 'The audit log is empty.\n' : 'No row matches.\n';
  return next === null ? rowTable(rows) : `${rowTable(rows)}\nOlder rows: add --before ${next}\n`;
}

async function show(shown: Shown, json: boolean, { stdout, stderr }: AuditCommandIo): Promise<ExitCode> {
  switch (shown.kind) {
    case 'absent':
      stderr('mt5-fabric: there is no such row or command\n');
      return EXIT.refused;
    case 'several':
      stderr(`mt5-fabric: ${shown.clients.map(printable).join(', ')} used that req_id; add --client\n`);
      return EXIT.usage;
    case 'row':
      if (json) await stdout(`${JSON.stringify({ row: shown.row, history: shown.history })}\n`);
      else await stdout(`${rowFields(shown.row)}${history(shown)}`);
      return EXIT.ok;
    default:
      return assertNever(shown, 'answer of show');
  }
}

function history({ history: rows }: Extract<Shown, { kind: 'row' }>): string {
  return rows.length < 2 ? '' : `\nHistory of this command\n${rowTable(rows)}`;
}
