import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const MODULES = 'node_modules';

/** A registry for npm on this machine that has the named packages as they are installed here, and nothing else. */
export class LoopbackRegistry implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** `parts` are what of each package is given out, as tar takes it. */
  static async open(parts: Readonly<Record<string, readonly string[]>>): Promise<LoopbackRegistry> {
    const archives = new Map(Object.entries(parts).map(([name, files]) => [name, archiveOf(name, files)]));
    const server = createServer(({ url = '', headers }, response) => {
      const [, name = '', file] = url.split('/');
      const archive = archives.get(name);
      if (archive === undefined) response.writeHead(404).end('{}');
      else if (file === 'archive.tgz') response.end(archive);
      else response.end(JSON.stringify(description(name, archive, `http://${headers.host!}`)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LoopbackRegistry(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function archiveOf(name: string, files: readonly string[]): Buffer {
  const there = files.filter((file) => existsSync(join(MODULES, name, file)));
  const words = ['-cz', '--directory', join(MODULES, name), '--transform', 's,^,package/,', 'package.json', ...there];
  return execFileSync('tar', words, { maxBuffer: 64 * 1024 * 1024 });
}

function description(name: string, archive: Buffer, origin: string): unknown {
  const manifest = JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')) as { version: string };
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const dist = { tarball: `${origin}/${name}/archive.tgz`, integrity };
  return { name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: { ...manifest, dist } } };
}
