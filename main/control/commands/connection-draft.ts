import { open, rm, type FileHandle } from 'node:fs/promises';

/** A file that is to take a secret: opened before there is one, so that what could fail has failed by then. */
export class ConnectionDraft {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes the file, readable by its owner alone. Rejects where anything is there already, a link included. */
  static async create(path: string): Promise<ConnectionDraft> {
    return new ConnectionDraft(path, await open(path, 'wx', 0o600));
  }

  /** Fills it, on disk before this resolves. Nothing of it is left where that fails. */
  async keep(content: string): Promise<void> {
    try {
      await this.#file.writeFile(content);
      await this.#file.sync();
      await this.#file.close();
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Takes it away again. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}
