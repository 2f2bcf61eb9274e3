import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { WebSocket, type RawData } from 'ws';
import { systemClock } from '../../../../main/clock.ts';
import type { ToScreen } from '../../../../main/control/frames.ts';
import { openPanel, type Panel, type PanelOptions } from '../../../../main/control/panel/panel.ts';
import type { LogFields } from '../../../../main/log.ts';
import { gatewayFigures } from '../../../fakes/gateway-figures.ts';
import { FakeControlService } from '../../../fakes/control-service.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

/** How the panel answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Events of the log, with their fields. */
export type Logged = readonly [level: string, event: string, fields: LogFields];

/** An open panel with pages, and what a browser does with it. */
export class PanelRig {
  readonly panel: Panel;
  readonly service: FakeControlService;
  readonly dataDir: string;
  readonly logged: Logged[];
  readonly port: number;
  readonly host: string;

  private constructor(panel: Panel, service: FakeControlService, dataDir: string, logged: Logged[]) {
    this.panel = panel;
    this.service = service;
    this.dataDir = dataDir;
    this.logged = logged;
    this.port = Number(new URL(panel.address).port);
    this.host = `127.0.0.1:${this.port}`;
  }

  static async open(
    options: Partial<PanelOptions> & { readonly service?: FakeControlService } = {},
  ): Promise<PanelRig> {
    const dataDir = options.dataDir ?? temporaryFolder();
    const service = options.service ?? new FakeControlService();
    const logged: Logged[] = [];
    const at =
      (level: string) =>
      (event: string, fields: LogFields = {}) =>
        void logged.push([level, event, fields]);
    const log = { info: at('info'), warn: at('warn'), error: at('error') };
    const files = options.files ?? pages();
    const opened = await openPanel({
      ...{
        port: 0,
        dataDir,
        files,
        clock: systemClock,
        log,
        userName: 'anna',
        figures: gatewayFigures,
        ...options,
        service,
      },
    });
    if (!opened.ok) throw new Error(opened.message);
    onTestFinished(() => opened.panel.stop());
    return new PanelRig(opened.panel, service, dataDir, logged);
  }

  /** Asks for a path with nothing but a `Host`, unless the test says more; redirects are not followed. */
  async ask(path: string, { method = 'GET', headers = {} }: Ask = {}): Promise<Answer> {
    const asking = request({ host: '127.0.0.1', port: this.port, path, method, headers, agent: false });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  /** Opens an address, and gives the cookie of the session. */
  async signIn(address = this.panel.newAddress()): Promise<string> {
    const { status, headers } = await this.ask(pathOf(address));
    expect(status).toBe(303);
    return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  /** A screen of the session of `cookie`, as a page of this panel opens it. */
  connect(cookie: string, headers: OutgoingHttpHeaders = {}, path = '/control'): WebSocket {
    const socket = new WebSocket(`ws://${this.host}${path}`, {
      headers: { cookie, origin: `http://${this.host}`, ...headers },
    });
    onTestFinished(() => socket.terminate());
    return socket;
  }

  /** A screen as a program opens it that is no browser: it names no page. */
  connectBare(cookie: string): WebSocket {
    const socket = new WebSocket(`ws://${this.host}/control`, { headers: { cookie } });
    onTestFinished(() => socket.terminate());
    return socket;
  }

  async openScreen(cookie?: string): Promise<ScreenRig> {
    const screen = new ScreenRig(this.connect(cookie ?? (await this.signIn())));
    await once(screen.socket, 'open');
    return screen;
  }
}

/** The page's end of a screen. */
export class ScreenRig {
  readonly socket: WebSocket;
  readonly frames: ToScreen[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data: RawData) => this.frames.push(JSON.parse((data as Buffer).toString()) as ToScreen));
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame that is no beat. */
  async next(): Promise<ToScreen> {
    for (;;) {
      const at = this.frames.findIndex(({ kind }) => kind !== 'beat');
      if (at >= 0) return this.frames.splice(at, 1)[0]!;
      await once(this.socket, 'message');
    }
  }

  /** The code with which the panel closes it. */
  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }
}

/** The status with which the panel refuses to upgrade. */
export async function refusedWith(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

/** Path and query of an address. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}

/** A folder with pages as the build leaves it. */
export function pages(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the panel</title>');
  writeFileSync(join(folder, 'assets/main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'assets/style.css'), 'body{}');
  writeFileSync(join(folder, 'assets/text.woff2'), 'font');
  writeFileSync(join(folder, 'assets/odd.xyz'), 'odd');
  return folder;
}
