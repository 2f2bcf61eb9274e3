import type { DiskEvent } from './disk-events.ts';

/** Decides whether something that was not synced survives; `part` is a piece of a write that the disk takes as a whole. */
export type Survival = (what: 'change' | 'part') => boolean;

type Change = Extract<DiskEvent, { kind: 'write' | 'truncate' }>;

interface FileImage {
  synced: Buffer;
  readonly unsynced: Change[];
  isUnlinked: boolean;
}

const SECTOR_BYTES = 512;

/**
 * A disk that keeps what was synced, and of the rest whatever it likes, in any order and in halves. Files that were made
 * count as made; one that was removed may come back until the folder is synced.
 */
export class DiskModel {
  readonly #folder: string;
  readonly #files = new Map<string, FileImage>();

  /** `folder`: the name of the folder, whose sync makes removals last. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes in what the process did next. */
  apply(event: Exclude<DiskEvent, { kind: 'acknowledged' }>): void {
    if (event.kind === 'sync' && event.file === this.#folder) {
      for (const [name, image] of this.#files) if (image.isUnlinked) this.#files.delete(name);
      return;
    }
    const image = this.#image(event.file);
    switch (event.kind) {
      case 'write':
      case 'truncate':
        if (image.isUnlinked) throw new Error(`${event.file} is written to after it was removed`);
        image.unsynced.push(event);
        return;
      case 'sync':
        for (const change of image.unsynced.splice(0)) image.synced = changed(image.synced, change);
        return;
      case 'unlink':
        image.isUnlinked = true;
    }
  }

  /** The files after a power cut now. */
  afterPowerCut(survives: Survival): ReadonlyMap<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const [name, { synced, unsynced, isUnlinked }] of this.#files) {
      if (isUnlinked && survives('change')) continue;
      found.set(name, unsynced.flatMap((change) => surviving(change, survives)).reduce(changed, Buffer.from(synced)));
    }
    return found;
  }

  #image(name: string): FileImage {
    let image = this.#files.get(name);
    if (image === undefined) {
      image = { synced: Buffer.alloc(0), unsynced: [], isUnlinked: false };
      this.#files.set(name, image);
    }
    return image;
  }
}

/** All of a change, some sectors of it, or nothing. */
function surviving(change: Change, survives: Survival): readonly Change[] {
  if (survives('change')) return [change];
  if (change.kind === 'truncate') return [];
  const sectors: Change[] = [];
  for (let from = 0; from < change.bytes.length; from += SECTOR_BYTES) {
    const bytes = change.bytes.subarray(from, from + SECTOR_BYTES);
    if (survives('part')) sectors.push({ ...change, atByte: change.atByte + from, bytes });
  }
  return sectors;
}

function changed(content: Buffer, change: Change): Buffer {
  const size =
    change.kind === 'truncate' ? change.toBytes : Math.max(content.length, change.atByte + change.bytes.length);
  const after = size === content.length ? content : resized(content, size);
  if (change.kind === 'write') change.bytes.copy(after, change.atByte);
  return after;
}

function resized(content: Buffer, size: number): Buffer {
  const after = Buffer.alloc(size);
  content.copy(after, 0, 0, Math.min(size, content.length));
  return after;
}
