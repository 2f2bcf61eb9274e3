import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { AUDIT_FILE } from './schema.ts';

const seqSchema = z.int().check(z.gte(0));
const hashSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const CLOSED_NAME = /^audit-(?:\d{4}-\d{2}|damaged-\d{8}T\d{6}Z)(?:-\d+)?\.sqlite$/;
const MANIFEST_NAME = /^(audit-.+)\.manifest\.json$/;

/**
 * What is known of a closed file, as JSON beside it. MONTH: a whole month, read-only, that no command runs in any more.
 * QUARANTINE: a damaged file that was moved aside; its numbers say what it should hold. Times are ISO 8601 in UTC.
 */
export const segmentManifestSchema = z.object({
  form: z.literal(1),
  /** Name of the file, in the same folder. */
  file: z.string().check(z.regex(CLOSED_NAME)),
  reason: z.enum(['MONTH', 'QUARANTINE']),
  first_seq: z.int().check(z.gte(1)),
  /** One less than `first_seq` where the file holds no row. */
  last_seq: seqSchema,
  rows: seqSchema,
  /** Hash of the row before the first. */
  prev_hash: hashSchema,
  /** Hash of the last row. */
  head_hash: hashSchema,
  /** Times of the first and the last row; null where they could not be read. */
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  closed_at: z.string(),
  app_version: z.string(),
  /** Of the closed file, in hex; null for a quarantined one. */
  sha256: z.nullable(hashSchema),
  /** What is damaged. */
  note: z.optional(z.string()),
});
export type SegmentManifest = z.infer<typeof segmentManifestSchema>;

/** A file of the log, with its whole path. The live one has no manifest. */
export interface Segment {
  readonly file: string;
  readonly isLive: boolean;
  readonly manifest: SegmentManifest | null;
}

/** A file of the log that is written no more. */
export interface ClosedSegment extends Segment {
  readonly isLive: false;
  readonly manifest: SegmentManifest;
}

/**
 * All files of a data folder, oldest first, the live one last (absent while there is none). Throws where a manifest
 * cannot be read or rows are in no file, and names which. The live file moves at the turn of a month, as soon as no other
 * connection is open on it: whoever reads it should not keep it open, and list the files anew for each question.
 */
export function listSegments(dataDir: string): readonly Segment[] {
  const closed = listClosedSegments(dataDir);
  if (!namesIn(dataDir).includes(AUDIT_FILE)) return closed;
  return [...closed, { file: join(dataDir, AUDIT_FILE), isLive: true, manifest: null }];
}

/** The closed files alone, oldest first. Throws as `listSegments` does. */
export function listClosedSegments(dataDir: string): readonly ClosedSegment[] {
  try {
    return readClosed(dataDir);
  } catch {
    // A file may have been moved between the look at the folder and the look at its manifest.
    return readClosed(dataDir);
  }
}

/** Name of the manifest of a closed file. */
export function manifestFileOf(closedFile: string): string {
  return closedFile.replace(/\.sqlite$/, '.manifest.json');
}

/**
 * Name of a manifest while its file is being moved: complete, and final as soon as the file is there under its new name.
 */
export function pendingManifestFileOf(closedFile: string): string {
  return `${manifestFileOf(closedFile)}.tmp`;
}

/** Reads a manifest. Throws where it is none, and names it. */
export function readManifest(manifestFile: string): SegmentManifest {
  try {
    return segmentManifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
  } catch (error) {
    const why = error instanceof z.core.$ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`the manifest ${manifestFile} cannot be read: ${why}`, { cause: error });
  }
}

/** Name for a file that is closed: `wanted`, or the first of `wanted-2`, `wanted-3` … that nothing has. Without its ending. */
export function freeName(dataDir: string, wanted: string): string {
  const taken = new Set(namesIn(dataDir));
  const isFree = (name: string) => !taken.has(`${name}.sqlite`) && !taken.has(`${name}.manifest.json`);
  let name = wanted;
  for (let n = 2; !isFree(name); n += 1) name = `${wanted}-${n}`;
  return name;
}

/** Names in a folder; none where it does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function readClosed(dataDir: string): readonly ClosedSegment[] {
  const names = namesIn(dataDir);
  const files = new Set(names.filter((name) => CLOSED_NAME.test(name)));
  for (const name of names) {
    const file = MANIFEST_NAME.exec(name)?.[1];
    if (file !== undefined && !files.has(`${file}.sqlite`)) {
      throw new Error(`${join(dataDir, `${file}.sqlite`)} is missing; its manifest is there`);
    }
  }
  const segments = [...files].map((name) => readSegment(join(dataDir, name), new Set(names)));
  segments.sort(({ manifest: a }, { manifest: b }) => a.first_seq - b.first_seq || a.last_seq - b.last_seq);
  assertComplete(segments);
  return segments;
}

function readSegment(file: string, names: ReadonlySet<string>): ClosedSegment {
  const manifestFile = [manifestFileOf(file), pendingManifestFileOf(file)].find((each) => names.has(basename(each)));
  if (manifestFile === undefined) throw new Error(`${file} has no manifest`);
  const manifest = readManifest(manifestFile);
  if (manifest.file !== basename(file)) throw new Error(`${manifestFile} is the manifest of ${manifest.file}`);
  return { file, isLive: false, manifest };
}

function assertComplete(segments: readonly ClosedSegment[]): void {
  let nextSeq = 1;
  for (const { file, manifest } of segments) {
    if (manifest.first_seq !== nextSeq) {
      throw new Error(
        `${file} begins with row ${manifest.first_seq}, where row ${nextSeq} should follow: a file of the log is missing`,
      );
    }
    nextSeq = manifest.last_seq + 1;
  }
}
