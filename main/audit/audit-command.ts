import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertNever } from '../assert-never.ts';
import { type AuditInvocation, parseAuditArguments } from './audit-arguments.ts';
import { auditHelp } from './audit-help.ts';
import { exportHeader, exportLine } from './export-format.ts';
import { AuditReader, type Shown } from './reader.ts';
import { printable, rowFields, rowTable } from './row-text.ts';
import { auditFile } from './schema.ts';

/** Where the command reads and what it says. */
export interface AuditCommandIo {
  readonly dataDir: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const OK = 0;
const FAILED = 1;
const USAGE = 64;
const NO_LOG = 78;
const PROGRESS_ROWS = 250_000;

type Of<C extends AuditInvocation['command']> = Extract<AuditInvocation, { command: C }>;

/** `mt5-fabric --audit …` on the files themselves, with or without a running gateway. Resolves with the exit code. */
export async function runAuditCommand(words: readonly string[], io: AuditCommandIo): Promise<number> {
  const invocation = parseAuditArguments(words);
  if (invocation.command === 'help') {
    io.stdout(auditHelp(invocation.of));
    return OK;
  }
  if (invocation.command === 'usage') {
    io.stderr(`mt5-fabric: ${invocation.message}\n\n${auditHelp(invocation.of)}`);
    return USAGE;
  }
  const reader = openReader(io);
  if (reader === null) return NO_LOG;
  try {
    return await run(invocation, reader, io);
  } finally {
    reader.close();
  }
}

function openReader({ dataDir, stderr }: AuditCommandIo): AuditReader | null {
  const file = auditFile(dataDir);
  if (!existsSync(file)) {
    stderr(`mt5-fabric: there is no audit log in ${dataDir}; the gateway makes it when it first runs\n`);
    return null;
  }
  try {
    return new AuditReader(file);
  } catch (error) {
    stderr(`mt5-fabric: the audit log ${file} cannot be read: ${messageOf(error)}\n`);
    return null;
  }
}

async function run(
  invocation: Exclude<AuditInvocation, { command: 'help' | 'usage' }>,
  reader: AuditReader,
  io: AuditCommandIo,
): Promise<number> {
  switch (invocation.command) {
    case 'list':
      return list(invocation, reader, io);
    case 'show':
      return show(invocation, reader.show(invocation.target), io);
    case 'verify':
      return verify(invocation, reader, io);
    case 'export':
      return exportRows(invocation, reader, io);
    default:
      return assertNever(invocation, 'audit command');
  }
}

function list({ page, json }: Of<'list'>, reader: AuditReader, { stdout }: AuditCommandIo): number {
  const { rows, next } = reader.list(page);
  if (json) {
    for (const row of rows) stdout(exportLine('jsonl', row));
    return OK;
  }
  if (rows.length === 0) {
    stdout(reader.head().seq === 0 ? 'The audit log is empty.\n' : 'No row matches.\n');
    return OK;
  }
  stdout(rowTable(rows));
  if (next !== null) stdout(`\nOlder rows: add --before ${next}\n`);
  return OK;
}

function show({ json }: Of<'show'>, shown: Shown, { stdout, stderr }: AuditCommandIo): number {
  switch (shown.kind) {
    case 'absent':
      stderr('mt5-fabric: there is no such row or command\n');
      return FAILED;
    case 'several':
      stderr(`mt5-fabric: ${shown.clients.map(printable).join(', ')} used that req_id; add --client\n`);
      return USAGE;
    case 'row':
      if (json) stdout(`${JSON.stringify({ row: shown.row, history: shown.history })}\n`);
      else stdout(`${rowFields(shown.row)}${history(shown)}`);
      return OK;
    default:
      return assertNever(shown, 'answer of show');
  }
}

function history({ history: rows }: Extract<Shown, { kind: 'row' }>): string {
  return rows.length < 2 ? '' : `\nHistory of this command\n${rowTable(rows)}`;
}

async function verify({ witness, json }: Of<'verify'>, reader: AuditReader, io: AuditCommandIo): Promise<number> {
  const steps = reader.verifySteps(witness);
  const rows = reader.head().seq;
  let step = steps.next();
  for (let told = 0; step.done !== true; step = steps.next()) {
    const { seq } = step.value;
    if (!json && seq - told >= PROGRESS_ROWS && seq < rows) {
      told = seq;
      io.stderr(`verified ${seq} of ${rows} entries\n`);
    }
    await nextTurn();
  }
  const result = step.value;
  const { head } = result;
  if (json) {
    const broken = result.ok ? null : { seq: result.seq, what: result.what };
    io.stdout(`${JSON.stringify({ intact: result.ok, head, broken })}\n`);
  } else if (result.ok) {
    io.stdout(head.seq === 0 ? 'the audit log is empty\n' : `verified to entry ${head.seq}, head ${head.hash}\n`);
  } else {
    io.stdout(`broken at entry ${result.seq}: ${result.what}\n`);
  }
  return result.ok ? OK : FAILED;
}

async function exportRows(
  { format, filter, out }: Of<'export'>,
  reader: AuditReader,
  { stdout, stderr }: AuditCommandIo,
): Promise<number> {
  const { seq, hash } = reader.head();
  const target = out === undefined ? { write: stdout, close: () => {} } : openTarget(out, stderr);
  if (target === null) return FAILED;
  let count = 0;
  try {
    target.write(exportHeader(format));
    for (const rows of reader.exportPages(filter)) {
      target.write(rows.map((row) => exportLine(format, row)).join(''));
      count += rows.length;
      await nextTurn();
    }
  } catch (error) {
    stderr(`mt5-fabric: the export stopped after ${count} rows: ${messageOf(error)}\n`);
    return FAILED;
  } finally {
    target.close();
  }
  stderr(`exported ${count} rows; head of the log ${seq}:${hash}\n`);
  return OK;
}

function openTarget(file: string, stderr: (text: string) => void) {
  try {
    const descriptor = openSync(file, 'w', 0o600);
    return { write: (text: string) => writeFileSync(descriptor, text), close: () => closeSync(descriptor) };
  } catch (error) {
    stderr(`mt5-fabric: ${file} cannot be written: ${messageOf(error)}\n`);
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
