/** A worker's entry: its source beside the module that starts it, and its bundle in the folder of the built program. */
export interface WorkerFile {
  readonly source: string;
  readonly built: string;
}

/**
 * Where a worker's entry is, seen from the module `here`: the TypeScript when the program runs from source, else the
 * bundle of its own in the folder of the built program (one up when that module was put into a shared chunk).
 */
export function workerFile({ source, built }: WorkerFile, here: string): URL {
  return here.endsWith('.ts') ? new URL(source, here) : new URL(built, programFolder(here));
}

/** The folder of the built program, seen from one of its modules. */
export function programFolder(here: string): URL {
  return new URL(/\/chunks\/[^/]+$/.test(here) ? '../' : './', here);
}

/**
 * Where a file of the packaged program is on the disk: what other programs open, like MetaEditor, is outside Electron's
 * archive, beside it. Anything else stays as it is.
 */
export function onDisk(file: URL): URL {
  return new URL(file.href.replace('/app.asar/', '/app.asar.unpacked/'));
}
